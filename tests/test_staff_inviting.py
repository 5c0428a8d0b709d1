"""A site manager brings in staff, and cannot make of them, or of himself, more than the four groups allow."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django_tasks_db.models import DBTaskResult

from ketablog import roles
from ketablog.models import User
from tests.base import PASSWORD, make_site, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/ketablog/user/"


@pytest.fixture
def root():
    return make_user("root", is_superuser=True)


def invitation_data(**fields: object) -> dict[str, object]:
    writers = Group.objects.get(name=roles.WRITERS).pk
    return {
        "username": "ada",
        "first_name": "Ada",
        "last_name": "O'Neil",
        "email": "ada@clinic.example",
        "groups": [writers],
        **fields,
    }


def staff_data(user: User, **fields: object) -> dict[str, object]:
    return {
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "reply_mail": user.reply_mail,
        "is_active": "on",
        "is_staff": "on",
        "groups": [group.pk for group in user.groups.all()],
        **fields,
    }


def change_page(user: User) -> str:
    return f"{LIST}{user.pk}/change/"


def link_in(mail) -> str:
    return re.search(r"http://testserver(/\S+)", mail.body)[1]


def choose_password(client, link: str, password: str):
    form = client.get(link, follow=True)
    return client.post(form.request["PATH_INFO"], {"new_password1": password, "new_password2": password}, follow=True)


def test_an_invitation_asks_for_no_password_and_its_link_lets_ada_in(client, meg, mails):
    make_site(name="Harbor & Co")
    assert "password" not in client.get(f"{LIST}add/").context["adminform"].form.fields
    response = client.post(f"{LIST}add/", invitation_data(), follow=True)
    assert "An invitation is on its way to ada@clinic.example." in response.text
    ada = User.objects.get(username="ada")
    assert ada.is_staff
    assert not ada.has_usable_password()
    assert not ada.is_superuser
    assert [group.name for group in ada.groups.all()] == [roles.WRITERS]
    (mail,) = mails()
    assert mail.to == ["ada@clinic.example"]
    assert mail.subject == "Your account at Harbor & Co"
    assert "Hello Ada O'Neil," in mail.body
    assert "for 3 days" in mail.body
    client.logout()
    assert "Your password has been set." in choose_password(client, link_in(mail), PASSWORD).text
    response = client.post("/admin/login/?next=/admin/", {"username": "ada", "password": PASSWORD}, follow=True)
    assert response.context["user"] == ada


def test_the_link_works_once(client, meg, mails):
    client.post(f"{LIST}add/", invitation_data())
    link = link_in(mails()[0])
    choose_password(client, link, PASSWORD)
    assert "The password reset link was invalid" in client.get(link, follow=True).text


def test_the_link_runs_out(client, meg, mails, settings):
    client.post(f"{LIST}add/", invitation_data())
    link = link_in(mails()[0])
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "The password reset link was invalid" in client.get(link, follow=True).text


def test_the_queue_holds_no_token_and_no_address(client, meg, mails):
    client.post(f"{LIST}add/", invitation_data())
    token = link_in(mails()[0]).split("/")[-2]
    for task in DBTaskResult.objects.all():
        assert token not in str(vars(task))
        assert "@" not in str(vars(task))


@pytest.mark.parametrize("address", ["MEG@clinic.example", "meg@clinic.example"])
def test_an_address_belongs_to_one_account(client, meg, address):
    response = client.post(f"{LIST}add/", invitation_data(email=address))
    assert "Somebody has an account with this address already." in response.text
    assert User.objects.count() == 1


def test_an_address_is_needed(client, meg):
    assert "This field is required." in client.post(f"{LIST}add/", invitation_data(email="")).text
    assert User.objects.count() == 1


def test_somebody_who_could_do_nothing_is_not_invited(client, meg, mails):
    response = client.post(f"{LIST}add/", invitation_data(groups=[]))
    assert "Choose at least one group: without one, this person could sign in and do nothing." in response.text
    assert 'value="ada@clinic.example"' in response.text
    assert User.objects.count() == 1
    assert mails() == []


def test_the_invitation_can_be_sent_again_to_who_did_not_use_it(client, meg, mails):
    client.post(f"{LIST}add/", invitation_data())
    ada = User.objects.get(username="ada")
    data = {"action": "send_invitation_again", "_selected_action": [ada.pk, meg.pk]}
    response = client.post(LIST, data, follow=True)
    assert "1 invitation is on its way." in response.text
    assert "1 person gets none: the account has a password already, or is not active." in response.text
    assert [mail.to for mail in mails()] == [["ada@clinic.example"]] * 2


def test_an_invitation_that_waits_in_the_queue_is_not_sent_once_it_was_used(client, meg, mails):
    client.post(f"{LIST}add/", invitation_data())
    ada = User.objects.get(username="ada")
    ada.set_password(PASSWORD)
    ada.save()
    assert mails() == []


def test_the_groups_to_choose_from_are_the_four(client, meg):
    other = Group.objects.create(name="Technicians")
    response = client.post(f"{LIST}add/", invitation_data(groups=[other.pk]))
    assert "Select a valid choice" in response.text
    assert User.objects.count() == 1
    offered = client.get(f"{LIST}add/").context["adminform"].form.fields["groups"].queryset
    assert {group.name for group in offered} == set(roles.PERMISSIONS)


def test_a_forged_post_makes_nobody_a_superuser(client, meg):
    right = Permission.objects.first().pk
    forged = {"is_superuser": "on", "user_permissions": [right]}
    client.post(f"{LIST}add/", invitation_data(**forged))
    client.post(change_page(meg), staff_data(meg, **forged))
    for user in User.objects.all():
        assert not user.is_superuser
        assert not user.user_permissions.exists()
    assert "is_superuser" not in client.get(change_page(meg)).context["adminform"].form.fields


def test_a_superuser_may(client, root):
    ada = make_user("ada", roles.WRITERS)
    client.force_login(root)
    client.post(change_page(ada), staff_data(ada, is_superuser="on"))
    ada.refresh_from_db()
    assert ada.is_superuser


@pytest.mark.parametrize("is_active", [True, False])
def test_the_account_of_a_superuser_is_out_of_reach(client, meg, root, is_active):
    User.objects.filter(pk=root.pk).update(is_active=is_active)
    before = User.objects.get(pk=root.pk)
    assert client.post(change_page(root), staff_data(root, email="meg2@clinic.example")).status_code == 403
    passwords = {"password1": "quite another one", "password2": "quite another one", "usable_password": "true"}
    assert client.post(f"{LIST}{root.pk}/password/", passwords).status_code == 403
    assert client.post(f"{LIST}{root.pk}/delete/", {"post": "yes"}).status_code == 403
    after = User.objects.get(pk=root.pk)
    assert (after.email, after.password, after.is_active) == (before.email, before.password, is_active)


def test_so_is_an_account_that_may_do_what_a_site_manager_may_not(client, meg):
    tess = make_user("tess")
    tess.user_permissions.add(Permission.objects.get(codename="change_group"))
    assert client.post(change_page(tess), staff_data(tess, email="meg2@clinic.example")).status_code == 403


def test_groups_that_were_not_offered_stay(client, meg):
    ada = make_user("ada", roles.WRITERS)
    ada.groups.add(Group.objects.create(name="Choir"))
    moderators = Group.objects.get(name=roles.MODERATORS).pk
    client.post(change_page(ada), staff_data(ada, groups=[moderators]))
    assert {group.name for group in ada.groups.all()} == {"Choir", roles.MODERATORS}


@pytest.mark.parametrize("closed", ["is_active", "is_staff"])
def test_nobody_closes_the_own_account(client, meg, closed):
    data = staff_data(meg)
    del data[closed]
    response = client.post(change_page(meg), data)
    assert "You cannot close your own account. Ask a colleague to do it." in response.text
    meg.refresh_from_db()
    assert getattr(meg, closed)


def test_a_superuser_does_not_delete_the_own_account(client, root):
    client.force_login(root)
    assert client.post(f"{LIST}{root.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [root.pk], "post": "yes"})
    assert User.objects.filter(pk=root.pk).exists()


def test_a_colleague_s_account_can_be_closed(client, meg):
    ada = make_user("ada", roles.WRITERS)
    data = staff_data(ada)
    del data["is_active"]
    client.post(change_page(ada), data)
    ada.refresh_from_db()
    assert not ada.is_active


def test_writers_see_no_accounts(client):
    client.force_login(make_user("ada", roles.WRITERS))
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403
