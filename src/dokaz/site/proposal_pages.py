"""What waits for a second administrator, and the pages on which administrators appoint, agree and withdraw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dokaz.casework import acts
from dokaz.casework.acts.together import PUT_IN_FORCE
from dokaz.casework.alphabet import InAlphabet
from dokaz.casework.models import (
    CheckpointKey,
    Constitution,
    ErasureOrder,
    Key,
    Office,
    Person,
    Proposal,
    ProposalState,
)
from dokaz.casework.queries import assents_for, holders_of, waiting_proposals
from dokaz.casework.roles import Role
from dokaz.pages.act_links import ActLink
from dokaz.pages.act_page import ActPage, link_on
from dokaz.pages.acting import ActForm, Acting
from dokaz.pages.parts import Fact
from dokaz.site.erasure_pages import facts_of_order


class AppointForm(ActForm):
    """Appoint somebody who is enrolled."""

    is_signed = True
    person = forms.ModelChoiceField(
        label=gettext_lazy("Who"), queryset=Person.objects.order_by(InAlphabet("name"), "number"), empty_label="–"
    )
    role = forms.ChoiceField(label=gettext_lazy("Office"), choices=Role.choices)


class AgreeForm(ActForm):
    """Agree to a proposal that one has read."""

    is_signed = True


class WithdrawProposalForm(ActForm):
    """Withdraw a proposal, with a reason."""

    is_signed = True
    asks_why = "required"


class StopKeyForm(ActForm):
    """Stop one's own key, with a reason."""

    is_signed = True
    asks_why = "required"


@dataclass(frozen=True)
class Waiting:
    """A proposal that waits: what it is, who agreed to it, and what the reader may do."""

    proposal: Proposal
    facts: list[Fact]
    links: list[ActLink]


def waiting(acting: Acting) -> list[Waiting]:
    """What waits for a second administrator, with the reader's buttons."""
    return [
        Waiting(one, _facts(one), [link for name in ("agree", "withdraw") if (link := _link(one, name, acting))])
        for one in waiting_proposals()
    ]


def _link(proposal: Proposal, name: str, acting: Acting) -> ActLink | None:
    return link_on(proposal, acting, f"{name}_{type(proposal).__name__.lower()}")


def _facts(proposal: Proposal) -> list[Fact]:
    """What is proposed, in full: whoever agrees agrees to this."""
    if isinstance(proposal, Office):
        facts = [
            Fact(_("Appointment"), proposal.get_role_display(), proposal.number),
            Fact(_("Who"), proposal.person.name, proposal.person.organisation),
        ]
    elif isinstance(proposal, Key):
        facts = [
            Fact(_("Another signing key"), proposal.number, kind="hash"),
            Fact(_("Who"), proposal.person.name, proposal.person.organisation),
        ]
    elif isinstance(proposal, CheckpointKey):
        facts = [
            Fact(_("Another key of the log"), proposal.key, proposal.number),
            Fact(_("Why"), proposal.reason, _("The key that signs now is revoked when this one is in force.")),
        ]
    elif isinstance(proposal, ErasureOrder):
        facts = facts_of_order(proposal)
    else:
        facts = [Fact(_("Constitution"), str(getattr(proposal, "sha256", "")), proposal.number, kind="hash")]
    agreed = holders_of(each.key for each in assents_for(proposal, PUT_IN_FORCE))
    names = ", ".join(sorted(holder.person.name for holder in agreed.values()))
    return [*facts, Fact(_("Agreed"), names or _("nobody yet"))]


def _may_agree(proposal: Any, acting: Acting) -> bool:
    """Not to one's own appointment, and once."""
    if isinstance(proposal, Office) and proposal.person_id == acting.person.id:
        return False
    agreed = holders_of(each.key for each in assents_for(proposal, PUT_IN_FORCE))
    return all(holder.person.id != acting.person.id for holder in agreed.values())


def _said(in_force: Any) -> str:
    return _("It is in force.") if in_force else _("Your signature is filed; a second administrator agrees.")


def _appointed(office: Any) -> str:
    if office.state == ProposalState.IN_FORCE:
        return _("%(n)s is in force.") % {"n": office.number}
    return _("%(n)s waits for a second administrator.") % {"n": office.number}


def _is_own(key: Any, acting: Acting) -> bool:
    return bool(key.person_id == acting.person.id and key.retired_at is None and key.state == ProposalState.IN_FORCE)


def _pages_of(kind: type[Proposal]) -> tuple[ActPage, ActPage]:
    name = kind.__name__.lower()
    return (
        ActPage(
            name=f"agree_{name}",
            at=f"ledger/people/{name}/<str:number>/agree/",
            record=kind,
            act=acts.agree,
            title=gettext_lazy("Agree"),
            lead=gettext_lazy("Two administrators put this in force. Read it: your signature is to this very version."),
            verb=gettext_lazy("Sign and agree"),
            message=_said,
            form=AgreeForm,
            under="ledger_people",
            starts_from=(ProposalState.PROPOSED,),
            offered=_may_agree,
            is_due=_may_agree,
            notes=_facts,
            then=_to_people,
        ),
        ActPage(
            name=f"withdraw_{name}",
            at=f"ledger/people/{name}/<str:number>/withdraw/",
            record=kind,
            act=acts.withdraw_proposal,
            title=gettext_lazy("Withdraw"),
            verb=gettext_lazy("Withdraw"),
            message=gettext_lazy("%(n)s is withdrawn."),
            form=WithdrawProposalForm,
            under="ledger_people",
            starts_from=(ProposalState.PROPOSED,),
            notes=_facts,
            then=_to_people,
        ),
    )


def _to_people(_record: Any, _result: Any) -> str:
    from django.urls import reverse

    return reverse("ledger_people")


PAGES = (
    ActPage(
        name="appoint",
        at="ledger/people/appoint/",
        act=acts.appoint,
        title=gettext_lazy("Appoint"),
        lead=gettext_lazy(
            "To most offices one administrator appoints. Administrators, examiners, mortuary staff and members of the "
            "board hold their office once a second administrator agrees."
        ),
        verb=gettext_lazy("Sign and appoint"),
        message=_appointed,
        form=AppointForm,
        under="ledger_people",
        perform=lambda _record, filing, values: acts.appoint(values["person"], filing, role=values["role"]),
        then=_to_people,
    ),
    *(page for kind in (Office, Key, Constitution, CheckpointKey, ErasureOrder) for page in _pages_of(kind)),
    ActPage(
        name="stop_key",
        at="ledger/people/key/<str:number>/stop/",
        record=Key,
        act=acts.retire_own_key,
        title=gettext_lazy("Stop your key"),
        lead=gettext_lazy(
            "If your key was stolen, or somebody may know your passphrase: from now on nothing is signed with it. You get "
            "another key when two administrators have agreed."
        ),
        verb=gettext_lazy("Sign and stop the key"),
        message=gettext_lazy("Your key is stopped. Ask an administrator for another."),
        form=StopKeyForm,
        under="ledger_people",
        offered=_is_own,
        then=_to_people,
    ),
)
