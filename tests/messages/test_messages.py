"""Incidents are told once on each channel, to real servers of mail and of the web, and again until somebody took it."""

import hashlib
import hmac
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from receivers import PASSWORD, Calls, Mailbox, mail_server, web_server

from cordon.config import ConfigError, Notify, load
from cordon.messages import Message, Postman, Refused, Undelivered, channels, compose, trial
from cordon.messages.postman import LONGEST_PAUSE, PATIENCE, SECOND, pause
from cordon.model.facts import Facts
from cordon.model.finding import Severity
from cordon.model.incident import Event, Incident
from cordon.model.window import Window
from cordon.store import Store, Told

KEY = "a key both sides know"


def incident(number: int = 1, severity: Severity = Severity.HIGH, says: str = "opened Telnet to 40 hosts") -> Incident:
    return Incident(
        id=f"incident-{number}",
        site="site",
        patient_zero="device-1",
        devices=("device-1", "device-2"),
        title="A camera was taken over",
        severity=int(severity),
        began=number * SECOND,
        noticed=number * SECOND + 1,
        acted=0,
        closed=0,
        events=(Event(number * SECOND, "finding", "finding-1", "device-1", says),),
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "state", write=True) as opened:
        yield opened


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as made:
        yield made


@pytest.fixture
def calls() -> Iterator[Calls]:
    with web_server() as made:
        yield made


def keep(store: Store, *incidents: Incident) -> None:
    store.save(replace(Facts(Window("site", 0, 10 * SECOND)), incidents=incidents))


def mail(box: Mailbox, **others: object) -> Notify:
    settings = {"name": "duty", "smtp": box.address, "security": "none", "sender": "cordon@site.example"}
    return Notify(**(settings | {"to": ("duty@site.example", "night@site.example")} | others))  # type: ignore[arg-type]


def hook(calls: Calls, tmp_path: Path, **others: object) -> Notify:
    key = tmp_path / "key"
    key.write_text(KEY + "\n", encoding="utf-8")
    return Notify(**({"name": "chat", "webhook": calls.url, "secret_file": key} | others))  # type: ignore[arg-type]


@dataclass
class Clock:
    now: int = 1_000 * SECOND

    def __call__(self) -> int:
        return self.now


def postman(store: Store, *settings: Notify, clock: Clock | None = None) -> Postman:
    made = Postman(store, channels(settings), clock=clock or Clock())
    for one in settings:
        store.begin_telling(one.name, 1)
    return made


def test_an_incident_is_one_mail_to_all_readers(store: Store, box: Mailbox) -> None:
    man = postman(store, mail(box))
    keep(store, incident())
    assert [man.look(), man.look()] == [1, 0]
    keep(store, replace(incident(), closed=99 * SECOND))  # it grows, it is not told again
    assert man.look() == 0
    (sent,) = box.mails
    assert box.to == [["duty@site.example", "night@site.example"]]
    assert sent["Subject"] == "[Cordon] high: A camera was taken over"
    assert "opened Telnet to 40 hosts" in sent.get_content()
    assert store.messages() == (Told("duty", sent=1, last=1_000 * SECOND),)


def test_a_call_is_signed_with_the_key_that_both_sides_know(store: Store, calls: Calls, tmp_path: Path) -> None:
    man = postman(store, hook(calls, tmp_path))
    keep(store, incident())
    assert man.look() == 1
    seconds, _, given = calls.headers[0]["Cordon-Signature"].removeprefix("t=").partition(",v1=")
    signed = f"{seconds}.".encode() + calls.bodies[0]
    assert hmac.compare_digest(given, hmac.new(KEY.encode(), signed, hashlib.sha256).hexdigest())
    body = json.loads(calls.bodies[0])
    assert body["incident"]["id"] == "incident-1" and body["severity"] == "high"


def test_what_is_milder_than_asked_for_or_was_there_before_is_not_told(store: Store, box: Mailbox) -> None:
    keep(store, incident(1))
    man = postman(store, mail(box, least="high"))
    keep(store, incident(2, Severity.MEDIUM), incident(3))
    man.look()
    keep(store, replace(incident(2), severity=int(Severity.CRITICAL)))  # it turned out to be worse
    man.look()
    assert [sent["Message-ID"] for sent in box.mails] == [
        "<incident-3.duty@cordon.invalid>",
        "<incident-2.duty@cordon.invalid>",
    ]


def test_a_server_that_is_gone_is_tried_again_later_and_later_until_it_takes_it(tmp_path: Path) -> None:
    with web_server() as calls:
        url = calls.url
    clock, settings = Clock(), Notify(name="chat", webhook=url)
    with Store.open(tmp_path / "state", write=True) as store:
        man = postman(store, settings, clock=clock)
        keep(store, incident())
        assert man.look() == 0
        (told,) = store.messages()
        assert told.waiting == 1 and "cannot be reached" in told.error
        clock.now += pause(1) - 1
        man.look()
        assert store.messages()[0].waiting == 1
    # the program ends and begins anew: what waits still does
    with Store.open(tmp_path / "state", write=True) as store, web_server(int(url.split(":")[2].split("/")[0])) as calls:
        man = postman(store, settings, clock=clock)
        assert man.look() == 0 and calls.bodies == [], "it is not due yet"
        clock.now += 1
        assert man.look() == 1
        assert [told.sent for told in store.messages()] == [1]


def test_pauses_double_up_to_an_hour() -> None:
    assert [pause(tries) // SECOND for tries in (1, 2, 3)] == [30, 60, 120]
    assert pause(500) == LONGEST_PAUSE


def test_after_three_days_a_message_is_given_up_and_shown(store: Store, calls: Calls) -> None:
    clock = Clock()
    man = postman(store, Notify(name="chat", webhook=calls.url), clock=clock)
    keep(store, incident())
    calls.answers = [503] * 200
    for _ in range(200):
        man.look()
        clock.now += LONGEST_PAUSE
    assert store.messages()[0].given_up == 1
    assert PATIENCE // LONGEST_PAUSE < len(calls.bodies) < 90, "tried for three days, then no more"


def test_what_a_server_will_never_take_is_given_up_at_once_and_the_next_is_told(
    store: Store, box: Mailbox, calls: Calls
) -> None:
    man = postman(store, mail(box), Notify(name="chat", webhook=calls.url))
    keep(store, incident(1), incident(2))
    box.answers, calls.answers = ["554 no such message here"], [410]
    assert man.look() == 2
    assert [(told.channel, told.sent, told.given_up) for told in store.messages()] == [("chat", 1, 1), ("duty", 1, 1)]
    assert "554" in next(told.error for told in store.messages() if told.channel == "duty")


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_passing_trouble_is_no_refusal(calls: Calls, status: int) -> None:
    calls.answers = [status]
    (channel,) = channels([Notify(name="chat", webhook=calls.url)])
    with pytest.raises(Undelivered) as error:
        channel.send(trial("chat"))
    assert not isinstance(error.value, Refused)


def test_a_message_goes_where_its_owner_sent_it_and_nowhere_else(calls: Calls) -> None:
    calls.answers = [307]
    (channel,) = channels([Notify(name="chat", webhook=calls.url)])
    with pytest.raises(Refused, match="307"):
        channel.send(trial("chat"))
    assert len(calls.bodies) == 1


def test_signing_in_takes_the_word_from_its_file(tmp_path: Path) -> None:
    secret = tmp_path / "word"
    secret.write_text(PASSWORD, encoding="utf-8")
    with mail_server(sign_in=True) as box:
        (right,) = channels([mail(box, user="cordon", secret_file=secret)])
        right.send(trial("duty"))
        assert box.signed_in == ["cordon"] and len(box.mails) == 1
        secret.write_text("another word", encoding="utf-8")
        (wrong,) = channels([mail(box, user="cordon", secret_file=secret)])
        with pytest.raises(Refused, match="535"):
            wrong.send(trial("duty"))


def test_a_server_without_encryption_is_not_told_where_encryption_was_asked_for(box: Mailbox) -> None:
    (channel,) = channels([mail(box, security="starttls")])
    with pytest.raises(Undelivered, match="STARTTLS"):
        channel.send(trial("duty"))
    assert box.mails == []


def test_names_from_the_network_cannot_forge_headers_or_lines(box: Mailbox) -> None:
    hostile = "cam\r\nBcc: thief@elsewhere.example\n\n\x1b[2Jall is well"
    made = compose(replace(incident(says=hostile), title=hostile), {"device-1": hostile, "device-2": "x" * 5000})
    (channel,) = channels([mail(box)])
    channel.send(made)
    (sent,) = box.mails
    assert sent["Bcc"] is None and "\x1b" not in sent.get_content()
    assert max(map(len, sent.get_content().splitlines())) < 300
    assert json.loads(made.body)["incident"]["title"] == hostile, "programs get it as it is"


def test_a_message_that_cannot_be_told_on_one_channel_is_told_on_the_other(
    store: Store, box: Mailbox, calls: Calls
) -> None:
    man = postman(store, Notify(name="chat", webhook=calls.url), mail(box))
    keep(store, incident())
    calls.answers = [500]
    assert man.look() == 1
    assert len(box.mails) == 1


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ('smtp = "mail.example:25"', r"notify\.0 does not fit: a \[\[notify\]\] with smtp needs sender and to"),
        ('webhook = "ftp://x"', "it must be an address that begins with https"),
        ('webhook = "https://x.example/"\nleast = "grave"', "least is 'grave'; it must be info, low"),
        ('webhook = "https://x.example/"\nurl = "y"', "url is no setting; there are name, least, smtp"),
        ('smtp = "m:25"\nsender = "a@b.c"\nto = ["x\\ny@b.c"]', "it must be a list of addresses"),
        ("", r"names one of smtp and webhook"),
    ],
)
def test_a_channel_that_does_not_fit_is_told_in_a_sentence(tmp_path: Path, written: str, says: str) -> None:
    file = tmp_path / "cordon.toml"
    file.write_text(f'[[notify]]\nname = "duty"\n{written}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=says):
        load(file=file)


def test_a_secret_that_cannot_be_read_and_a_name_twice_are_told(tmp_path: Path) -> None:
    one = Notify(name="chat", webhook="https://x.example/", secret_file=tmp_path / "none")
    with pytest.raises(ConfigError, match="secret_file of a"):
        channels([one])
    twice = replace_secret(one)
    with pytest.raises(ConfigError, match=r"Two .* are called chat"):
        channels([twice, twice])


def replace_secret(one: Notify) -> Notify:
    return one.model_copy(update={"secret_file": None})


def notify(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "cordon", "notify", *arguments], capture_output=True, text=True, check=False
    )


def test_the_command_sends_a_test_and_says_what_became_of_messages(tmp_path: Path, calls: Calls) -> None:
    state = tmp_path / "state"
    with Store.open(state, write=True) as store:
        postman(store, Notify(name="chat", webhook=calls.url))
        keep(store, incident())
        store.told("chat", "incident-1", 5 * SECOND)
    (state / "cordon.toml").write_text(f'[[notify]]\nname = "chat"\nwebhook = "{calls.url}"\n', encoding="utf-8")
    sent = notify("--test", "chat", "--state", str(state))
    assert sent.returncode == 0 and json.loads(calls.bodies[0])["what"] == "test"
    (entry,) = json.loads(notify("--json", "--state", str(state)).stdout)
    assert (entry["name"], entry["told"], entry["last_told"]) == ("chat", 1, "1970-01-01T00:00:05.000000Z")
    unknown = notify("--test", "pager", "--state", str(state))
    assert unknown.returncode == 2 and "there are: chat" in unknown.stderr
    calls.answers = [500]
    failed = notify("--test", "all", "--state", str(state))
    assert failed.returncode == 1 and "500" in failed.stderr


def test_a_test_says_that_it_is_one() -> None:
    made = trial("duty")
    assert isinstance(made, Message) and "test" in made.subject.lower() and "duty" in made.text
