from sdp.progress import SILENT


def test_silence_is_silent(capsys):
    with SILENT.bar("rows", 10, "rows") as bar:
        bar.advance(3)
        bar.note("loss 1.0")
    SILENT.note("done")
    assert capsys.readouterr() == ("", "")
