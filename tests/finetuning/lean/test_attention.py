import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from sdp.finetuning.lean import attention
from sdp.finetuning.lean.attention import flat_attention
from sdp.finetuning.lean.layout import layout_of

LENGTHS = [9, 3, 14, 9, 1]


def tensors(n_heads: int = 4, n_key_heads: int = 2) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    sizes = (n_heads, n_key_heads, n_key_heads)
    return [torch.randn(1, n, sum(LENGTHS), 8, generator=generator) for n in sizes]


def one_by_one(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, window: int | None) -> torch.Tensor:
    parts = []
    for q1, k1, v1 in zip(*(x.split(LENGTHS, dim=2) for x in (q, k, v)), strict=True):
        n = q1.shape[2]
        seen = torch.ones(n, n, dtype=torch.bool).tril()
        if window:
            seen &= torch.arange(n)[:, None] - torch.arange(n)[None, :] < window
        parts.append(scaled_dot_product_attention(q1, k1, v1, attn_mask=seen, enable_gqa=True))
    return torch.cat(parts, dim=2).transpose(1, 2)


@pytest.mark.parametrize("window", [None, 4, 14, 100])
@pytest.mark.parametrize("short", [0, 160])
def test_every_example_looks_at_itself_alone(monkeypatch: pytest.MonkeyPatch, window: int | None, short: int) -> None:
    monkeypatch.setattr(attention, "_SHORT", short)  # torch's kernel, or two products
    q, k, v = tensors()
    module = torch.nn.Module()
    out, weights = flat_attention(module, q, k, v, None, sliding_window=window, layout=layout_of(LENGTHS))
    assert weights is None
    assert torch.allclose(out, one_by_one(q, k, v, window), atol=1e-6)


def test_attention_dropout_drops_the_share_it_should() -> None:
    torch.manual_seed(0)
    q, k, _ = tensors(2, 2)
    ones = torch.ones_like(k)
    out, _ = flat_attention(torch.nn.Module(), q, k, ones, None, dropout=0.5, layout=layout_of(LENGTHS))
    kept, _ = flat_attention(torch.nn.Module(), q, k, ones, None, layout=layout_of(LENGTHS))
    assert torch.allclose(kept, torch.ones_like(kept), atol=1e-5)
    assert float(out.mean()) == pytest.approx(1, abs=0.2)
    assert float(out.std()) > 0.1


def test_called_outside_the_lean_path_it_refuses_instead_of_letting_examples_see_each_other() -> None:
    q, k, v = tensors()
    with pytest.raises(ValueError, match="switched to flat batches"):
        flat_attention(torch.nn.Module(), q, k, v, None)
    with pytest.raises(ValueError, match="switched to flat batches"):
        flat_attention(torch.nn.Module(), q, k, v, torch.ones(1, 36), layout=layout_of(LENGTHS))
