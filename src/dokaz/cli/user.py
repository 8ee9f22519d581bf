"""`dokaz user`: who works here, in which office, and how they sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dokaz.cli.frame import DEFAULT_STORE, As, Json, StoreOption, acting, filing_as, open_store, passphrase, report

if TYPE_CHECKING:
    from dokaz.casework.filing import Actor
    from dokaz.casework.models import Person
    from dokaz.casework.store import Store
    from dokaz.ledger import UnlockedKey

app = typer.Typer(add_completion=False, help="People: enrol, appoint, list, sign-in.", no_args_is_help=True)

Roles = Annotated[list[str], typer.Option("--role", help="Office to appoint to; may be given again.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The person's name.")],
    role: Roles,
    by: As,
    organisation: Annotated[str, typer.Option(help="Where the person works.")] = "",
    login: Annotated[str, typer.Option(help="Open a sign-in under this name.")] = "",
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Enrol a person with a signing key, appoint them, and open their sign-in.

    Asks for the administrator's passphrase, then for the person's own; the latter opens their key, and is the first
    password of their sign-in.
    """
    opened = open_store(store)
    chief = acting(opened, by, "administrator")
    words = passphrase(f"A passphrase for {name}", confirm=True)
    from dokaz.site.sign_ins import refuse_unfit

    if login:
        # Asked before, as sign-ins are in another database: who cannot sign in as asked is not enrolled either.
        refuse_unfit(login, words)
    with opened.key_for(words) as key:
        person = enrolled(opened, chief, name, role, key, organisation=organisation)
    opening = _opened(person, login, words) if login else {}
    said = [f"{person.number} {name}: enrolled as {', '.join(role)}."] + _still_waiting(person)
    said += [_told(opening)] if opening else []
    report({"number": person.number, "name": name, "roles": role, **opening}, "\n".join(said), as_json)


@app.command("sign-in")
def sign_in(
    who: Annotated[str, typer.Argument(help="Name or number of the person.")],
    login: Annotated[str, typer.Option(help="Name of the sign-in.")],
    by: As,
    anew: Annotated[bool, typer.Option("--anew", help="In place of the one they have, which then ends.")] = False,
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Open a sign-in for somebody who is enrolled: the first administrator, or anybody whose sign-in was lost.

    Asks for the administrator's passphrase, then for a password. A lost database of sign-ins begins anew with the first.
    """
    opened = open_store(store)
    acting(opened, by, "administrator")
    from django.contrib.auth import get_user_model

    from dokaz.casework.models import Account
    from dokaz.casework.queries import person_named
    from dokaz.site.database import make_tables_of_sign_ins
    from dokaz.site.sign_ins import in_one_transaction

    make_tables_of_sign_ins()
    person = person_named(who)
    words = passphrase(f"A password for {person.name}", confirm=True)
    with in_one_transaction():
        if anew:
            theirs = Account.objects.filter(person_id=person.id).values("user_id")
            get_user_model().objects.filter(pk__in=theirs).delete()
        opening = _opened(person, login, words)
    report({"number": person.number, "name": person.name, **opening}, _told(opening), as_json)


def _opened(person: Person, login: str, password: str) -> dict[str, str]:
    from dokaz.site.sign_ins import open_sign_in

    return {"login": login, "second_factor": open_sign_in(person, login, password).uri}


def _told(opening: dict[str, str]) -> str:
    return f"Sign-in: {opening['login']}. For the authenticator app:\n  {opening['second_factor']}"


def _still_waiting(person: Person) -> list[str]:
    """What of it a second administrator must agree to."""
    from dokaz.casework.queries import waiting_proposals

    theirs = [one.number for one in waiting_proposals() if getattr(one, "person_id", None) == person.id]
    return [f"A second administrator agrees to {number}: dokaz sign {number} --as NAME" for number in theirs]


def enrolled(
    store: Store, chief: Actor, name: str, roles: list[str], key: UnlockedKey, *, organisation: str = ""
) -> Person:
    """Enrol a person with a key of theirs, and appoint them, in one filing."""
    from dokaz.casework.acts import appoint, enrol, offer

    with filing_as(store, chief) as work:
        person = enrol(work, name=name, organisation=organisation, key=offer(key, store))
        for role in roles:
            appoint(person, work, role=role)
    return person


@app.command("list")
def list_people(store: StoreOption = DEFAULT_STORE, as_json: Json = False) -> None:
    """List people with their offices and sign-ins."""
    open_store(store)
    from dokaz.casework.models import Account, Person
    from dokaz.casework.queries import offices_of

    logins = {a.person_id: a.user.username for a in Account.objects.select_related("user")}
    rows = [
        {
            "number": p.number,
            "name": p.name,
            "roles": [o.role for o in offices_of(p.id)],
            "login": logins.get(p.id, ""),
        }
        for p in Person.objects.order_by("number")
    ]
    lines = [f"{r['number']}  {r['name']}  {', '.join(r['roles'])}  {r['login']}".rstrip() for r in rows]
    report({"people": rows}, "\n".join(lines), as_json)


@app.command()
def dismiss(
    who: Annotated[str, typer.Argument(help="Name or number of the person.")],
    role: Annotated[str, typer.Option(help="The office that ends.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    by: As,
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """End an appointment; what was signed under it stays signed."""
    opened = open_store(store)
    from dokaz.casework import acts
    from dokaz.casework.queries import offices_of, person_named
    from dokaz.errors import HoldsNoOffice

    person = person_named(who)
    office = next((o for o in offices_of(person.id) if o.role == role), None)
    if office is None:
        raise HoldsNoOffice(person.name, [role])
    with filing_as(opened, acting(opened, by, "administrator"), reason) as work:
        acts.dismiss(office, work)
    typer.echo(f"{person.name} no longer acts as {role}.")


@app.command("new-key")
def new_key(
    who: Annotated[str, typer.Argument(help="Name or number of the person.")],
    reason: Annotated[str, typer.Option(help="Why the old one is no longer good: lost, stolen, forgotten.")],
    by: As,
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Retire a person's signing key and give them another; what they signed stays signed.

    Asks for the passphrase of the administrator, who is somebody else, then for the person's new one. The password of
    their sign-in stays as it is.
    """
    opened = open_store(store)
    from dokaz.casework.acts import enrol, offer, retire_key
    from dokaz.casework.models import Key
    from dokaz.casework.queries import person_named

    person = person_named(who)
    chief = acting(opened, by, "administrator")
    words = passphrase(f"A new passphrase for {person.name}", confirm=True)
    with opened.key_for(words) as fresh, filing_as(opened, chief, reason) as work:
        for old in Key.in_use().filter(person=person):
            retire_key(old, work)
        enrol(work, person=person, key=offer(fresh, opened, person.id))
    said = [f"{person.name} has a new key, {fresh.key_id[:16]}…; the old one signs nothing any more."]
    typer.echo("\n".join(said + _still_waiting(person)))


@app.command("stop-key")
def stop_key(
    who: Annotated[str, typer.Argument(help="Name or number of the person whose key it is.")],
    reason: Annotated[str, typer.Option(help="Why: stolen, lost, somebody may know the passphrase.")],
    by: As,
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Stop a signing key at once: one's own, with that key, or another person's, as an administrator.

    What was signed with it stays signed. Another key is given with `dokaz user new-key`.
    """
    opened = open_store(store)
    from dokaz.casework import acts
    from dokaz.casework.queries import key_of, offices_of, person_named
    from dokaz.errors import WrongState, sentence

    person, actor = person_named(who), person_named(by.partition(":")[0])
    key = key_of(person.id)
    if key is None:
        raise WrongState(person.name, sentence("without a signing key in use"), [sentence("somebody whose key signs")])
    own = person == actor
    roles = [office.role for office in offices_of(actor.id)] if own else ["administrator"]
    with filing_as(opened, acting(opened, by, *roles), reason) as work:
        (acts.retire_own_key if own else acts.retire_key)(key, work)
    typer.echo(f"The key of {person.name} signs nothing any more.")


@app.command()
def security(
    latest: Annotated[int, typer.Option(min=1, help="How many events, the newest last.")] = 50,
    store: StoreOption = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Print the security log: who signed in, and who tried with a wrong password, code or passphrase."""
    open_store(store)
    from dokaz.casework.models import SecurityEvent

    events = reversed(SecurityEvent.objects.order_by("-pk")[:latest])
    rows = [
        {"at": f"{one.at:%Y-%m-%dT%H:%M:%SZ}", "what": one.what, "who": one.who, "address": one.address}
        for one in events
    ]
    lines = [f"{r['at']}  {r['what']:<16}  {r['who']}  {r['address'] or 'a command'}" for r in rows]
    report({"events": rows}, "\n".join(lines) or "Nothing has happened at the locks.", as_json)


@app.command()
def code(login: Annotated[str, typer.Argument(help="The sign-in.")], store: StoreOption = DEFAULT_STORE) -> None:
    """Print the six digits that an authenticator app would show now (for a demo, where there is no telephone)."""
    open_store(store)
    from dokaz.site.sign_ins import code_now

    typer.echo(code_now(login))
