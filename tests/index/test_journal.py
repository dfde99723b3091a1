"""What was read, and what failed."""

import pytest

from index.catalogue import Catalogue


@pytest.fixture
def journal(tmp_path):
    catalogue = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    yield catalogue.journal
    catalogue.close()


def test_files_that_were_read(journal):
    assert not journal.done("/a.xml", 10, 99)
    journal.set_done("/a.xml", 10, 99, 1)
    assert journal.done("/a.xml", 10, 99)
    assert not journal.done("/a.xml", 11, 99)
    assert not journal.done("/a.xml", 10, 98)
    journal.forget(["/a.xml"])
    assert not journal.done("/a.xml", 10, 99)


def test_a_member_of_an_archive_belongs_to_its_file_whatever_its_name(journal):
    for path in ("/a.zip", "/a!b.zip", "/a"):
        journal.set_done(path, 1, 1, 1)
    journal.forget(["/a!b.zip!x.xml"])
    assert [journal.done(path, 1, 1) for path in ("/a.zip", "/a!b.zip")] == [True, False]
    journal.forget(["/a.zip!x.xml!y.xml"])
    assert not journal.done("/a.zip", 1, 1)


def test_the_failures_of_a_file_and_its_members_are_cleared_together(journal):
    journal.add_failures([("/a.zip", 0, "broken"), ("/a.zip!x.xml", 5, "empty"), ("/a.zip2", 0, "other"), ("/a.zip", 0, "broken")])
    assert journal.failures() == [("/a.zip", 0, "broken"), ("/a.zip!x.xml", 5, "empty"), ("/a.zip2", 0, "other")]
    journal.clear_failures("/a.zip")
    assert journal.failures() == [("/a.zip2", 0, "other")]


def test_files_with_failures_are_named_once(journal):
    journal.set_done("/a.zip", 1, 1, 1)
    journal.add_failures([("/a.zip!x.xml", 5, "empty"), ("/a.zip!y.xml", 0, "broken"), ("/b.xml", 0, "other"), ("/gone", 0, "no such file")])
    assert journal.files_with_failures() == ["/a.zip", "/b.xml", "/gone"]
