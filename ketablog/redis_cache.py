"""Django's cache on Redis or Valkey, where a server that hangs or is away holds no page up."""

from typing import Any

from django.core.cache.backends import redis as backend
from redis.backoff import NoBackoff
from redis.client import Redis
from redis.exceptions import ConnectionError, TimeoutError
from redis.retry import Retry

from ketablog.outages import Outage

TIMEOUT = 0.25  # Seconds, to connect and for each answer.
outage = Outage()


class OneTry(Redis):
    """Raises `RedisError` at once where the server was away a moment ago."""

    def execute_command(self, *args: Any, **options: Any) -> Any:
        if outage.is_on():
            raise ConnectionError("The cache did not answer a moment ago.")
        try:
            answer = super().execute_command(*args, **options)
        except (ConnectionError, TimeoutError):
            outage.begins()
            raise
        outage.ends()
        return answer


class Client(backend.RedisCacheClient):
    def __init__(self, servers: list[str], **options: Any) -> None:
        patience = {
            "socket_connect_timeout": TIMEOUT,
            "socket_timeout": TIMEOUT,
            # A connection that broke while nobody used it is made anew; nothing else is tried again.
            "retry": Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
        }
        super().__init__(servers, **{**patience, **options})
        self._client = OneTry


class RedisCache(backend.RedisCache):
    """Each method raises `redis.RedisError` where the server does not answer: a write that is lost must be known."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = Client
