"""Makes demo/moving-average.pt: a TorchScript module without weights, only arithmetic.

Each value becomes the mean of itself and up to three values before it.
"""

import torch

from common import DEMO, ROOT, record_expected, tensor, torchscript

LENGTH = 16


class MovingAverage(torch.nn.Module):
    """A causal mean over four values; at the start over as many as there are."""

    def __init__(self):
        super().__init__()
        self.window = 4

    def forward(self, series: torch.Tensor) -> torch.Tensor:
        sums = series.cumsum(1)
        before = torch.constant_pad_nd(sums, [self.window, 0])[:, : sums.size(1)]
        count = torch.arange(1, sums.size(1) + 1, device=series.device).clamp(max=self.window)
        return (sums - before) / count.to(series.dtype)


def by_hand(row):
    windows = [row[max(0, i - 3) : i + 1] for i in range(len(row))]
    return [sum(window) / len(window) for window in windows]


def main():
    path = DEMO / "moving-average.pt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(torchscript(path.stem, MovingAverage()))
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")

    series = torch.tensor(
        [
            [float(i) for i in range(1, LENGTH + 1)],
            [4.0 if i % 4 == 0 else 0.0 for i in range(LENGTH)],
        ]
    )
    averages = torch.jit.load(str(path))(series)
    torch.testing.assert_close(averages, torch.tensor([by_hand(row) for row in series.tolist()]))
    record_expected(path.name, {"series": tensor(series, 3)}, {"average": tensor(averages, 6)})


if __name__ == "__main__":
    main()
