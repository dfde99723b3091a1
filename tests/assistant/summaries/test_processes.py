import os
import signal
import subprocess
import sys
import time

import pytest

from assistant.summaries.processes import Died, each_in_process


def square(item):
    if item == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    if item == 17:
        os._exit(3)
    if item == 19:
        time.sleep(60)
    return item * item, os.getpid()


def results(items, workers, limit=30.0):
    return {item: result if isinstance(result, Died) else result[0] for item, result in each_in_process(square, items, workers, limit)}


def test_each_item_has_its_result_and_the_processes_are_as_many_as_asked():
    found = dict(each_in_process(square, range(12), 2, 30.0))
    assert {item: result[0] for item, result in found.items()} == {n: n * n for n in range(12)}
    assert len({result[1] for result in found.values()}) == 2


def test_what_kills_a_process_or_takes_too_long_fails_alone():
    found = results([1, 13, 2, 17, 3, 19, 4], 2, limit=1.0)
    assert {item: found[item] for item in (1, 2, 3, 4)} == {1: 1, 2: 4, 3: 9, 4: 16}
    assert "SIGKILL" in str(found[13])
    assert "exit code 3" in str(found[17])
    assert "longer than 1 seconds" in str(found[19])


def test_nothing_to_do_starts_nothing():
    assert list(each_in_process(square, [], 4, 1.0)) == []


def test_items_are_not_read_far_ahead():
    read = []
    results = each_in_process(square, (read.append(n) or n for n in range(100)), 1, 30.0)
    next(results)
    assert len(read) <= 4
    results.close()


def test_an_error_of_the_source_ends_the_processes():
    def broken():
        yield 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(each_in_process(square, broken(), 1, 30.0))


def test_a_script_without_a_main_is_told_so(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from operator import neg\nfrom assistant.summaries.processes import each_in_process\nprint(list(each_in_process(neg, [1], 1, 9.0)))\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "__main__" in done.stderr.splitlines()[-1]
