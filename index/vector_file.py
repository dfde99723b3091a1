"""The main file of the dense side, `vectors-N.faiss`: all vectors of the catalogue's generation N, made by the process that writes.

Up to `EXACT` vectors it is a flat FAISS index of half precision, searched exactly; above, an inverted file of trained clusters
with the vectors in four bits a dimension (Gao and others, "RaBitQ", SIGMOD 2025). What changes later is kept beside it until it is
worth a new file; then it is added to the clusters there are, which are trained again where the collection has grown to about four
times what they were made for. The file is derived: the catalogue has the vectors, and one that is lost or cut short is passed over.
"""

import contextlib
import logging
import os
import re
import struct
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.catalogue import Catalogue
from index.filter import Filter

log = logging.getLogger(__name__)
EXACT = 200_000
"""So many vectors are searched exactly: in 20 ms, by one thread."""
_LEAST, _SHARE = 1024, 64
_TAIL = 16384
"""A new file is due after `_TAIL` changes, which cost a millisecond a search: fewer in a small index, more (1/64) in a large one."""
_LISTS = 16384
_BITS = 4
_TRAINING, _ROUNDS = 40, 10
"""Vectors for each cluster in training, and rounds of k-means."""
_BLOCK = 32768
_NAME = re.compile(r"vectors-(\d+)\.faiss")
_END = struct.Struct("<8sQ")
_MAGIC = b"vectors1"
"""FAISS maps a file without reading it: the last bytes say its length, so that one cut short is known before it is touched."""


def due(indexed: int, changes: int) -> bool:
    """Whether so many passages added or removed since a file of `indexed` passages are worth a new one."""
    return changes >= max(_LEAST, min(_TAIL, indexed // 8), indexed // _SHARE)


def lists(count: int) -> int:
    """The number of clusters for so many vectors; 0 for none at all: exact search."""
    return 0 if count <= EXACT else min(_LISTS, 2 ** round(np.log2(4 * count**0.5)))


def lost(folder: Path, catalogue: Catalogue) -> bool:
    """Whether there is no whole file where one is due. The search does without, but has to read all vectors from the catalogue."""
    due_now = due(0, catalogue.passages_since(0, catalogue.searchable))
    return due_now and newest(folder, int(catalogue.signature()["dimension"])) is None


def newest(folder: Path, dimension: int) -> tuple[int, Any] | None:
    """(generation, FAISS index) of the newest whole file, mapped into memory."""
    found = [(int(m.group(1)), p) for p in folder.glob("vectors-*.faiss") if (m := _NAME.fullmatch(p.name))]
    for generation, path in sorted(found, reverse=True):
        if (index := _open(path, dimension)) is not None:
            return generation, index
    return None


def update(folder: Path, catalogue: Catalogue, always: bool = False) -> bool:
    """Write a new file where enough has changed since the last one. The caller holds the write lock; everything in the catalogue is searchable.

    Needs as much memory as the new file has bytes, and some hundred megabytes where clusters are trained. Raises OSError where the
    directory can't be written; the search does without.
    """
    generation, dimension = catalogue.searchable, int(catalogue.signature()["dimension"])
    found = newest(folder, dimension)
    since, index = found or (0, None)
    indexed = int(index.ntotal) if index is not None else 0
    removed = [np.arange(first, last + 1, dtype=np.int64) for _, first, last in catalogue.removed_since(since, generation)] if since else []
    if not always and not due(indexed, catalogue.passages_since(since, generation) + sum(map(len, removed))):
        return False
    count = catalogue.passages_since(0, generation)
    wanted = lists(count)
    if index is None or _outgrown(index, wanted):
        log.info("making the vector index anew: %d vectors, %d clusters", count, wanted)
        since, index = 0, _trained(catalogue, wanted, dimension) if wanted else flat(dimension)
    else:
        index = faiss.read_index(str(_path(folder, since)))  # in memory: what is mapped can't be changed
        if removed:
            index.remove_ids(faiss.IDSelectorBatch(np.concatenate(removed)))
    for ids, vectors in catalogue.vectors_since(since, generation, dimension):
        index.add_with_ids(vectors, ids)
    _write(index, folder, generation)
    return True


def _outgrown(index: Any, wanted: int) -> bool:
    """Whether another number of clusters than the index has is better by a factor of two, or there should be none."""
    return bool(wanted >= 2 * index.nlist or wanted == 0) if hasattr(index, "nlist") else wanted > 0


def flat(dimension: int) -> Any:
    """An empty index of half precision that is searched exactly."""
    flat = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    return faiss.IndexIDMap2(flat)


def _trained(catalogue: Catalogue, wanted: int, dimension: int) -> Any:
    ids = catalogue.selected(Filter()).ids()
    sample = np.random.default_rng(0).choice(ids, min(len(ids), wanted * _TRAINING), replace=False)
    sample.sort()
    vectors = np.empty((len(sample), dimension), dtype=np.float32)
    for at in range(0, len(sample), _BLOCK):
        vectors[at : at + _BLOCK] = catalogue.vectors(sample[at : at + _BLOCK])
    faiss.omp_set_num_threads(int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1))
    quantizer = faiss.IndexFlatIP(dimension)
    parameters = faiss.ClusteringParameters()
    parameters.niter, parameters.spherical, parameters.max_points_per_centroid = _ROUNDS, True, _TRAINING
    faiss.Clustering(dimension, wanted, parameters).train(vectors, quantizer)
    index = faiss.IndexIVFRaBitQ(quantizer, dimension, wanted, faiss.METRIC_INNER_PRODUCT, True, _BITS)
    index.train(vectors)
    return index


def _path(folder: Path, generation: int) -> Path:
    return folder / f"vectors-{generation}.faiss"


def _write(index: Any, folder: Path, generation: int) -> None:
    """Whole or not at all; older files, and what a killed process left, are deleted."""
    target = _path(folder, generation)
    partial = folder / f".{target.name}.{os.getpid()}.partial"
    try:
        faiss.write_index(index, str(partial))
    except RuntimeError as error:  # of FAISS, which doesn't say why
        with contextlib.suppress(OSError):
            partial.unlink()
        raise OSError(f"{target}: the vectors can't be written; is the disk full?") from error
    with partial.open("ab") as stream:
        stream.write(_END.pack(_MAGIC, stream.tell()))
        stream.flush()
        os.fsync(stream.fileno())
    partial.rename(target)
    for other in folder.glob("*vectors-*.faiss*"):
        if other != target:
            with contextlib.suppress(OSError):
                other.unlink()


def _open(path: Path, dimension: int) -> Any:
    """The FAISS index in a file; None where it is gone, cut short, or something else."""
    try:
        with path.open("rb") as stream:
            stream.seek(-_END.size, os.SEEK_END)
            length = stream.tell()
            if _END.unpack(stream.read()) != (_MAGIC, length):
                return None
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    except (OSError, RuntimeError):
        return None
    return index if index.d == dimension else None
