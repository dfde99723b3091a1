"""The chain of labels, against counting all labellings of short sentences."""

from itertools import pairwise, product

import numpy as np
import pytest
import torch

from assistant.entities.network import BEGIN, END, INSIDE, OUT, SINGLE, Network, Size, decode

FOLLOWS = {
    OUT: (OUT, BEGIN, SINGLE),
    BEGIN: (INSIDE, END),
    INSIDE: (INSIDE, END),
    END: (OUT, BEGIN, SINGLE),
    SINGLE: (OUT, BEGIN, SINGLE),
}


@pytest.fixture(params=range(5))
def network(request: pytest.FixtureRequest) -> Network:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(request.param)
        network = Network(Size(rows=10, types=3, embedding=4, hidden=4)).eval()
        torch.nn.init.normal_(network.steps)
    return network


def labellings(length: int) -> list[tuple[int, ...]]:
    return [
        labels
        for labels in product(range(5), repeat=length)
        if labels[0] in (OUT, BEGIN, SINGLE) and labels[-1] in (OUT, END, SINGLE) and all(b in FOLLOWS[a] for a, b in pairwise(labels))
    ]


def spans(labels: tuple[int, ...]) -> set[tuple[int, int]]:
    return {(i, i) if label == SINGLE else (i, labels.index(END, i)) for i, label in enumerate(labels) if label in (SINGLE, BEGIN)}


@pytest.mark.parametrize("lengths", [(1,), (2, 5), (4, 1, 3)])
def test_likelihood_best_labels_and_probabilities(network: Network, lengths: tuple[int, ...]) -> None:
    drawn = np.random.default_rng(len(lengths))
    scores = drawn.normal(scale=2, size=(len(lengths), max(lengths), 5))
    steps = network.steps.detach().double().numpy()
    decoded = decode(scores, np.array(lengths), network.transitions().detach().double().numpy())
    gold = torch.zeros(len(lengths), max(lengths), dtype=torch.int64)
    expected = 0.0
    for i, length in enumerate(lengths):
        every = labellings(length)
        weights = np.array(
            [sum(scores[i, t, one] for t, one in enumerate(labels)) + sum(steps[a, b] for a, b in pairwise(labels)) for labels in every]
        )
        shares = np.exp(weights) / np.exp(weights).sum()
        best = spans(every[int(weights.argmax())])
        assert {(first, last) for first, last, _ in decoded[i]} == best
        for first, last, probability in decoded[i]:
            assert probability == pytest.approx(sum(s for s, labels in zip(shares, every, strict=True) if (first, last) in spans(labels)))
        chosen = int(drawn.integers(len(every)))
        gold[i, :length] = torch.tensor(every[chosen])
        expected -= float(np.log(shares[chosen]))
    loss = network.chain_loss(torch.from_numpy(scores).float(), gold, torch.tensor(lengths))
    assert loss.item() * sum(lengths) == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_other_sentences_of_a_batch_change_nothing(network: Network) -> None:
    rows = torch.randint(1, 11, (2, 9, 12), generator=torch.Generator().manual_seed(0))
    rows[1, 4:] = 0
    hidden, scores = network(rows, torch.tensor([9, 4]))
    alone_hidden, alone = network(rows[1:, :4], torch.tensor([4]))
    assert torch.allclose(scores[1, :4], alone[0], atol=1e-5)
    together, apart = (network.type_scores(h, torch.tensor([i]), torch.tensor([1]), torch.tensor([3])) for h, i in ((hidden, 1), (alone_hidden, 0)))
    assert torch.allclose(together, apart, atol=1e-5)
