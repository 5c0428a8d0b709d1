from django.contrib import admin

from posts.admin.addresses import KeepsFormerAddress
from posts.admin.image_picker import PicksImages
from posts.forms import KeepsAddress
from posts.models import Person


@admin.register(Person)
class PersonAdmin(KeepsFormerAddress, PicksImages):
    """Somebody whom an article or a review names cannot be deleted; Django's own page says which ones."""

    form = KeepsAddress
    list_display = ["name", "credentials", "role", "user"]
    list_select_related = ["user"]
    search_fields = ["name", "credentials", "role"]
    prepopulated_fields = {"slug": ["name"]}
    raw_id_fields = ["photo"]
    fields = ["name", "credentials", "role", "bio", "photo", "user", "slug"]

    def view_on_site(self, person: Person) -> str:
        return person.get_absolute_url()
