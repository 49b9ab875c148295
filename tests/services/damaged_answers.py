"""Answers of people who take part in a ticket, with whatever programs on the way have lost or changed."""

from __future__ import annotations

from sqlmodel import select

from tests.services.attacks import Attack, eve
from tests.services.mail_world import Case, World
from tui_desk.models import PersonAddress

HONEST: dict[str, Attack] = {}


def honest(name: str, *, sender: str = "Anna Abel <{c.anna}>", verdict: str = "pass", **written: str) -> None:
    def write(world: World, case: Case) -> list[bytes]:
        filled = {key: value.format(c=case) for key, value in written.items()}
        return [world.mail(sender.format(c=case), verdict=verdict, **filled)]

    HONEST[name] = write


def damaged(function: Attack) -> Attack:
    HONEST[function.__name__.replace("_", " ")] = function
    return function


def other_address(world: World, case: Case, address: str, known: str) -> None:
    with world.desk.writing() as session:
        person = session.exec(select(PersonAddress.person_id).where(PersonAddress.address == known)).one()
        session.add(PersonAddress(person_id=person, address=address))


REPLY = "Re: {c.subject} [#{c.number}]"
honest("an ordinary answer", subject=REPLY, extra="{c.thread}")
honest("References lost", subject=REPLY, extra="In-Reply-To: <{c.ours}>\r\n")
honest("In-Reply-To lost", subject=REPLY, extra="References: <{c.asked}> <{c.ours}>\r\n")
honest("all ids lost", subject=REPLY)
honest("ids and number lost", subject="Re: {c.subject}")
for prefix in (
    "Aw: ",
    "AW: ",
    "SV: ",
    "RE: FW: ",
    "Antwort: ",
    "RES: ",
    "Odp: ",
    "回复：",
    "Re[2]: ",
    "R: ",
    "Отв: ",
    "Vs: ",
):
    honest(f"a translated prefix, {prefix}", subject=f"{prefix}{{c.subject}}")
honest(
    "no prefix, but the text is quoted",
    subject="{c.subject}",
    body="Yes.\r\n\r\nOn Fri, 20 Nov 2026 at 10:00, Support wrote:\r\n> Did you look at the cable?\r\n",
)
honest("another subject, ids kept", subject="It works now", extra="{c.thread}")
honest("everything lost but the reply address", subject="hello", to="{c.reply_to}")
honest(
    "the reply address in capitals",
    subject="hello",
    to="Support <SUPPORT+T.{c.number}@desk.test>, {c.reply_to}",
)
honest(
    "the reply address among others", subject="hello", to="x@y.test", extra="Cc: Support <{c.reply_to}>\r\n"
)
honest(
    "the reply address by delivery only",
    subject="hello",
    to="undisclosed-recipients:;",
    extra="Delivered-To: {c.reply_to}\r\n",
)
honest(
    "our id rewritten by a relay",
    subject="Re: x",
    extra="In-Reply-To: <0102@email.amazonses.com>\r\nReferences: <{c.ours}> <0102@email.amazonses.com>\r\n",
)
honest("only their own id left", subject="Re: x", extra="References: <{c.asked}>\r\n")
honest("an id without brackets", subject="Re: x", extra="In-Reply-To: {c.ours}\r\n")
honest("an id with a comment", subject="Re: x", extra='In-Reply-To: Your message of "Fri" <{c.ours}>\r\n')
honest("an external mark in front", subject="[EXTERN] Re: {c.subject} [#{c.number}]")
honest("blanks in the number", subject="Re: {c.subject} [ #{c.number} ]")
honest("the number in an encoded word", subject="=?utf-8?q?Re=3A_x_=5B=23{c.number}=5D?=")
honest("capitals in the address", sender="Anna <ANNA@{c.domain}>", subject=REPLY)
honest("no verdict by the server", verdict="", subject=REPLY, extra="{c.thread}")
honest("a verdict of none", verdict="none", subject=REPLY, extra="{c.thread}")
honest("broken by a list, our id kept", verdict="fail", subject=REPLY, extra="{c.thread}")
honest("broken by a forwarder, number only", verdict="fail", subject=REPLY)
honest(
    "an unknown address with our id", sender="Anna Abel <abel@home.test>", subject=REPLY, extra="{c.thread}"
)
honest("an unknown address with the number", sender="Anna Abel <abel@home.test>", subject=REPLY)
honest(
    "an unknown address of the same name",
    sender="Anna Abel <a.abel.private@gmail.com>",
    subject="Re: {c.subject}",
)
honest("an unknown address with the same local part", sender="anna@elsewhere.test", subject="Re: {c.subject}")
honest("a plus tag of their own", sender="anna+work@{c.domain}", subject=REPLY, extra="{c.thread}")
honest("a colleague", sender="Bert <bert@{c.domain}>", subject=REPLY, extra="{c.thread}")
honest("a colleague with the number only", sender="Bert <bert@{c.domain}>", subject=REPLY)
honest("a colleague who lost everything", sender="Bert <bert@{c.domain}>", subject="Re: {c.subject}")
honest(
    "our answer forwarded by a colleague",
    sender="Bert <bert@{c.domain}>",
    subject="Fwd: {c.subject} [#{c.number}]",
    extra="References: <{c.ours}>\r\n",
    body="I answer for Anna: yes.\r\n\r\n---------- Forwarded message ---------\r\nFrom: Support <support@desk.test>\r\n"
    "Date: Fri, 20 Nov 2026 at 10:00\r\nSubject: {c.subject}\r\nTo: Anna\r\n\r\nDid you look at the cable?\r\n",
)
honest("somebody copied", sender="cora@partner.test", subject="Re: x", extra="References: <{c.asked}>\r\n")
honest("somebody copied, number only", sender="cora@partner.test", subject=REPLY)
honest("an agent, confirmed, by number", sender="ben@desk.test", subject=REPLY)
honest("an empty answer", subject=REPLY, extra="{c.thread}", body="")
honest(
    "an absence notice",
    subject="Automatic reply: {c.subject}",
    extra="Auto-Submitted: auto-replied\r\n{c.thread}",
)


@damaged
def an_id_folded_in_the_middle_of_references(world: World, case: Case) -> list[bytes]:
    chain = "".join(f" <{number}.{'x' * 50}@{case.domain}>\r\n" for number in range(40))
    return [
        world.mail(
            case.anna, subject="Re: x", extra=f"References: <{case.asked}>\r\n{chain} <{case.ours}>\r\n"
        )
    ]


@damaged
def an_id_changed_to_capitals(world: World, case: Case) -> list[bytes]:
    return [world.mail(case.anna, subject="Re: x", extra=f"In-Reply-To: <{case.ours.upper()}>\r\n")]


@damaged
def a_known_person_by_another_address(world: World, case: Case) -> list[bytes]:
    other_address(world, case, "anna@phone.test", case.anna)
    return [world.mail("anna@phone.test", subject=f"Re: {case.subject} [#{case.number}]")]


@damaged
def an_answer_after_somebody_stole_the_id(world: World, case: Case) -> list[bytes]:
    world.receive(world.mail(eve(world), message_id=case.asked, extra=f"Cc: {case.anna}\r\n"))
    return [world.mail(case.anna, subject="Re: x", extra=f"In-Reply-To: <{case.asked}>\r\n")]
