from engine.system.durable_files import is_disk_full


def test_what_says_that_the_disk_is_full():
    assert is_disk_full(OSError(28, "No space left on device"))
    assert is_disk_full(RuntimeError("parquet: underlying IO error: File too large (os error 27)"))
    outer = ValueError("x")
    outer.__cause__ = OSError(28, "No space left on device")
    assert is_disk_full(outer)
    assert not is_disk_full(OSError(2, "No such file or directory"))
    assert not is_disk_full(None)
