"""The server is killed in mid-load: nothing acknowledged is lost, nothing is answered twice."""

import concurrent.futures
import json
import urllib.parse
import urllib.request
from collections import Counter

from tests.end_to_end.conftest import Server, start


def post(url: str, message_id: str, text: str) -> bool:
    body = urllib.parse.urlencode({"text": text, "id": message_id}).encode()
    request = urllib.request.Request(url, body, {"HX-Request": "true"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status == 204
    except OSError:
        return False


def chat_page(server: Server, reference: str) -> str:
    body = urllib.parse.urlencode({"reference": reference}).encode()
    with urllib.request.urlopen(server.url + "/chat", body, timeout=20) as answer:
        return str(answer.url)


def test_a_kill_loses_nothing_acknowledged_and_answers_nothing_twice(scratch: dict[str, str]) -> None:
    server = start(scratch)
    references = ["C-1001", "C-1002", "C-1005", "C-1007"]
    pages = {reference: chat_page(server, reference) for reference in references}
    acknowledged: list[tuple[str, str]] = []
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        jobs = {}
        for number in range(120):
            reference = references[number % len(references)]
            text = f"bonjour {reference} {number}"
            jobs[pool.submit(post, pages[reference], f"m-{reference}-{number}", text)] = (reference, text)
        for done, job in enumerate(concurrent.futures.as_completed(jobs), 1):
            if job.result():
                acknowledged.append(jobs[job])
            if done == 40:
                server.kill()
    assert acknowledged, "some messages were acknowledged before the kill"
    again = start(scratch, port=int(server.url.rsplit(":", 1)[1]))
    try:
        for reference in references:
            # A message that was kept but not answered is answered after the restart.
            post(pages[reference], f"last-{reference}", "bonjour")
        for reference in references:
            shown = again.relance("show", reference, "--json")
            rows = json.loads(shown.stdout)["exchanges"]
            heard = Counter(row["text"] for row in rows if row["direction"] == "in")
            for owner, text in acknowledged:
                if owner == reference:
                    assert heard[text] == 1, f"{text!r} was acknowledged and stands {heard[text]} times in the log"
            assert all(row["state"] == "handled" for row in rows if row["direction"] == "in")
            disclosures = sum(row["response"] == "utter_disclosure" for row in rows)
            assert disclosures == 1
        assert again.relance("verify-log").returncode == 0
    finally:
        again.kill()
