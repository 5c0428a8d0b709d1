import atexit
import os
from typing import Any

from django.db.backends.postgresql import base

from ketablog.outages import Outage

outage = Outage()


class DatabaseWrapper(base.DatabaseWrapper):
    """Without this, each query of each request would wait until the pool gives up, and cached pages behind them."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if outage.is_on():
            raise self.Database.OperationalError("The database did not answer a moment ago.")
        try:
            new = super().get_new_connection(conn_params)
            if self.pool and not self._answers(new):
                # The server was restarted, so all that the pool holds is dead. It would look at one a second.
                self.pool.putconn(new)
                self.pool.drain()
                new = super().get_new_connection(conn_params)
        except self.Database.Error:
            outage.begins()
            raise
        outage.ends()
        return new

    def _answers(self, pooled: Any) -> bool:
        try:
            self.pool.check_connection(pooled)
        except self.Database.Error:
            return False
        return True


def _close_pools() -> None:
    for pool in list(base.DatabaseWrapper._connection_pools.values()):  # type: ignore[attr-defined]
        pool.close()


# The server hears that we leave; a pool's threads do not outlive the interpreter.
atexit.register(_close_pools)
# A process that parts from another one must not use its connections.
os.register_at_fork(after_in_child=base.DatabaseWrapper._connection_pools.clear)  # type: ignore[attr-defined]
