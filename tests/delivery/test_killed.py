"""Killed while it sends, at any instant: nothing goes twice, nothing is forgotten, what is not known is shown."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from appraisal.delivery.circulate import Circulation, UnsureResolution
from appraisal.delivery.sending import SendingInUseError, only_sender
from appraisal.ledger.delivery_records import DeliveryState
from appraisal.workspace.notify_settings import Circulated
from tests.builders.faults import Died, Fate, Moment
from tests.builders.remembered import quickly
from tests.delivery.servers import MailServerHere
from tests.delivery.shop import GROUP, ISSUED, Shop

SLIPS = Circulated.SLIPS
TWO = tuple(f"KF00{at}" for at in range(3, 7))


def instants(changes: list[str]) -> list[tuple[int, Moment]]:
    """Before each change, in the middle of those that have one, after the last: after any other is before the next."""
    before = [(turn, Moment.BEFORE) for turn in range(1, len(changes) + 1)]
    halves = [
        (turn, Moment.DURING) for turn, what in enumerate(changes, 1) if what.startswith(("write", "ledger"))
    ]
    return [*before, *halves, (len(changes), Moment.AFTER)]


@pytest.mark.slow
def test_at_any_change_of_a_file_or_the_ledger(tmp_path: Path):
    """Two slips: stopped, started again, and the unsure one sent by HR's word."""
    with quickly(), MailServerHere() as mail:
        whole = Shop(tmp_path / "whole", mail.port, without=TWO).issued()
        before = tmp_path / "before"
        shutil.copytree(whole.root / "state", before)
        fate = Fate()
        whole.send(SLIPS, fate=fate)
        assert len(mail.to) == 2
        met = Counter[str]()
        for turn, moment in instants(fate.changes):
            shutil.rmtree(whole.root / "state")
            shutil.copytree(before, whole.root / "state")
            mail.to.clear()
            with pytest.raises(Died):
                whole.send(SLIPS, fate=Fate(turn, moment))
            given = Counter(mail.to)
            told = whole.send(SLIPS)
            met.update(must_be_right(told, given, Counter(mail.to)))
            assert [one.state for one in whole.send(SLIPS, unsure=UnsureResolution.AGAIN).deliveries].count(
                DeliveryState.SENT
            ) == 2
            assert not list((whole.root / "state" / "outgoing").rglob("*.tmp"))
        assert met["unsure, had arrived"] > 0
        assert met["unsure, had not arrived"] > 0
        assert met["sent"] > len(fate.changes)


def must_be_right(told: Circulation, before: Counter[str], after: Counter[str]) -> list[str]:
    """Each message is sent and arrived once, or unsure and was not given to the server once more."""
    found = []
    for one in told.deliveries:
        if one.state is DeliveryState.UNSURE:
            assert before[one.address] == after[one.address] <= 1
            found.append(f"unsure, had {'' if after[one.address] else 'not '}arrived")
        else:
            assert (one.state, after[one.address]) == (DeliveryState.SENT, 1)
            found.append("sent")
    return found


@pytest.mark.slow
def test_a_process_that_is_killed_with_a_mail_half_way(tmp_path: Path):
    """kill -9 by the server itself, when it has the third mail and has not answered."""
    with MailServerHere() as mail:
        shop = Shop(tmp_path, mail.port).issued()
        command = [
            sys.executable,
            "pipeline.py",
            "send",
            GROUP,
            "2026-11",
            "--to",
            "slips",
            "--date",
            str(ISSUED),
        ]
        process = subprocess.Popen([*command, "--workspace", str(tmp_path)], stdout=subprocess.DEVNULL)
        mail.on_mail["kf003@example.com"] = lambda: os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        assert mail.to == [f"kf00{at}@example.com" for at in range(1, 4)]
        told = shop.send(SLIPS)
        states = {one.key.addressee: one.state.value for one in told.deliveries}
        assert states == {f"KF00{at}": "unsure" if at == 3 else "sent" for at in range(1, 7)}
        assert Counter(mail.to) == Counter(f"kf00{at}@example.com" for at in range(1, 7))
        assert shop.send(SLIPS, unsure=UnsureResolution.ARRIVED).is_complete
        assert len(mail.to) == 6


def test_two_at_once_do_not_send_the_same(tmp_path: Path):
    """The second says that somebody is sending."""
    with MailServerHere() as mail:
        shop = Shop(tmp_path, mail.port).issued()
        with shop.context() as context, only_sender(context), pytest.raises(SendingInUseError):
            shop.send(SLIPS)
        assert mail.to == []
