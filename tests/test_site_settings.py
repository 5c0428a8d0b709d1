"""Site managers change what the clinic says about itself."""

import pytest
from PIL import Image as Picture

from ketablog import roles
from ketablog.models import SiteSettings
from tests.base import make_site, make_user
from tests.pictures import picture

pytestmark = pytest.mark.django_db
FORM = "/admin/ketablog/sitesettings/1/change/"


@pytest.fixture
def manager(client):
    client.force_login(make_user("meg", roles.SITE_MANAGERS))
    return client


def settings_data(**fields: object) -> dict[str, object]:
    return {
        "name": "Harbor Clinic",
        "tagline": "",
        "accent": "#224466",
        "language": "en",
        "time_zone": "America/New_York",
        "navigation": "Home | /\nAbout | /about/",
        "footer_links": "",
        "disclaimer": "",
        "contact": "",
        "opening_hours": "",
        "help_lines": "988 | tel:988",
        "networks": ["reddit", "x"],
        "mail_from": "",
        "replies_open": "on",
        "close_after_days": "0",
        "moderation_policy": "hold_all",
        "first_held": "2",
        "trust_days": "90",
        "decline_reasons": "",
        "email_required": "on",
        "website_offered": "on",
        "comment_limit": "5000",
        "thread_depth": "3",
        "edit_minutes": 15,
        "moderation_hours": "",
        "days_off": "",
        "answer_within_hours": "0",
        "keep_addresses_days": "365",
        "keep_spam_days": "30",
        "keep_removed_days": "90",
        "keep_unconfirmed_days": "14",
        **fields,
    }


def test_the_list_is_the_form_and_shows_the_defaults_before_the_first_save(manager):
    response = manager.get("/admin/ketablog/sitesettings/", follow=True)
    assert response.redirect_chain == [(FORM, 302)]
    assert 'value="ketablog"' in response.text
    assert 'type="color"' in response.text
    assert not SiteSettings.objects.exists()


def test_the_one_button_leads_back_to_the_form(manager):
    assert "_continue" not in manager.get(FORM).text
    response = manager.post(FORM, settings_data(), follow=True)
    assert response.redirect_chain == [(FORM, 302)]


def test_a_mail_address_will_do_as_security_contact(manager, client):
    manager.post(FORM, settings_data(security_contact=" security@clinic.example "))
    assert SiteSettings.objects.get().security_contact == "mailto:security@clinic.example"
    text = manager.post(FORM, settings_data(security_contact="nobody"), follow=True).text
    assert "Write it like mailto:security@example.org" in text
    assert 'value="nobody"' in text


def test_what_is_saved_is_on_every_page(manager, client):
    response = manager.post(FORM, settings_data(), follow=True)
    assert "The site settings are saved." in response.text
    row = SiteSettings.objects.get()
    assert (row.pk, row.networks, row.time_zone) == (1, ["reddit", "x"], "America/New_York")
    client.logout()
    assert "Harbor Clinic" in client.get("/").text
    assert "Harbor Clinic" in client.get("/admin/login/").text


def test_nothing_shared_and_replies_closed_are_kept_as_such(manager):
    data = settings_data(networks=[])
    del data["replies_open"]
    manager.post(FORM, data)
    row = SiteSettings.objects.get()
    assert row.networks == []
    assert row.replies_open is False


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("accent", "teal", "Write it like #0f6e6e."),
        ("navigation", "Home", "“Home” is not written as: Label | address"),
        ("navigation", "Bad | javascript:alert(1)", "is not written as: Label | address"),
        ("help_lines", "Call us | /contact/", "is not written as: Label | address"),
        ("networks", ["myspace"], "Select a valid choice. myspace is not one of the available choices."),
        ("time_zone", "Mars/Olympus", "Select a valid choice."),
        ("comment_limit", "50", "Ensure this value is greater than or equal to 200."),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_saved(manager, field, value, sentence):
    make_site(name="Before")
    response = manager.post(FORM, settings_data(**{field: value}))
    assert sentence in response.text
    assert SiteSettings.objects.get().name == "Before"


def test_a_logo_is_made_anew_and_small_and_can_be_taken_away(manager):
    manager.post(FORM, settings_data(logo=picture("PNG", (1600, 400), name="logo.svg")))
    row = SiteSettings.objects.get()
    logo = row.logo
    assert logo.name.startswith("site/")
    assert logo.name.endswith(".webp")
    with logo.open() as file, Picture.open(file) as made:
        assert made.size == (row.logo_width, row.logo_height) == (480, 120)
    manager.post(FORM, settings_data(tagline="Kept"))
    row = SiteSettings.objects.get()
    assert (row.logo, row.logo_width, row.logo_height) == (logo, 480, 120)
    manager.post(FORM, {**settings_data(), "logo-clear": "on"})
    row = SiteSettings.objects.get()
    assert (bool(row.logo), row.logo_width, row.logo_height) == (False, None, None)


def test_a_logo_whose_file_is_lost_does_not_stand_in_the_way(client):
    make_site(logo="site/lost.webp")
    assert client.get("/").status_code == 200


def test_a_logo_that_is_no_picture_is_refused(manager):
    file = picture(name="logo.png")
    file.seek(0)
    file.write(b"<svg xmlns='http://www.w3.org/2000/svg'>")
    response = manager.post(FORM, settings_data(logo=file))
    assert "This file is not a picture we can read." in response.text


def test_there_is_no_second_row_and_no_way_to_delete_the_first(manager):
    make_site()
    assert manager.get("/admin/ketablog/sitesettings/add/").status_code == 403
    assert manager.post("/admin/ketablog/sitesettings/1/delete/", {"post": "yes"}).status_code == 403
    assert manager.get("/admin/ketablog/sitesettings/2/change/").status_code == 302
    assert SiteSettings.objects.count() == 1


def test_writers_may_not_change_them(client):
    client.force_login(make_user("ada", roles.WRITERS))
    assert client.post(FORM, settings_data()).status_code == 403
    assert not SiteSettings.objects.exists()
