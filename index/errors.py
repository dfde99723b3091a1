"""The errors of the index.

PatentAssistantError
└── SearchIndexError
    ├── NoIndexError          there is no index in the directory
    ├── SignatureError        the index was made with other settings
    ├── IndexLockedError      another process is writing
    ├── IndexDamagedError     the catalogue can't be read
    ├── DiskFullError         there is no room left
    ├── BackupError           a backup that can't be made
    ├── NotInIndexError       no such document
    ├── FilterError           a filter that can't be understood
    └── EncoderError          an encoder that can't be loaded
"""

from ingest.errors import PatentAssistantError


class SearchIndexError(PatentAssistantError):
    """Something about the index."""


class NoIndexError(SearchIndexError):
    """There is no index in the directory."""


class SignatureError(SearchIndexError):
    """The index was made with another encoder or version; says which setting differs."""


class IndexLockedError(SearchIndexError):
    """Another process is writing to the index."""


class IndexDamagedError(SearchIndexError):
    """The catalogue can't be read."""


class DiskFullError(SearchIndexError):
    """There is no room left for the index, or for its backup; says where, and how much there is."""


class BackupError(SearchIndexError):
    """A backup that can't be made; says why."""


class NotInIndexError(SearchIndexError):
    """The document is not in the index."""


class FilterError(SearchIndexError):
    """A filter that can't be understood; says what is wrong and how to write it."""


class EncoderError(SearchIndexError):
    """An encoder that can't be loaded, or whose weights are not the ones expected."""
