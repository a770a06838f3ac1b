"""What is taken of Debian's kernels."""
import pytest

from appliance.kernel.debian import Kernel


@pytest.fixture(name="kernel")
def fixture_kernel(tmp_path):
    """With a module that needs another one, and one that is inside of it."""
    kernel = Kernel(tmp_path, "6.1.0-0-amd64")
    kernel.modules.mkdir(parents=True)
    (kernel.modules / "modules.dep").write_text("kernel/vfio/vfio.ko:\nkernel/vfio/pci/vfio-pci.ko: kernel/vfio/vfio.ko\n")
    (kernel.modules / "modules.builtin").write_text("kernel/input/atkbd.ko\nkernel/hid/hid-generic.ko\n")
    return kernel


def test_a_module_has_the_name_that_the_kernel_calls_it_by(kernel):
    assert kernel.as_modules(["vfio_pci"]) == ["vfio_pci"]


def test_what_is_inside_of_the_kernel_is_no_module(kernel):
    assert not kernel.as_modules(["hid_generic", "atkbd"])


def test_what_the_kernel_lacks_is_told(kernel):
    with pytest.raises(RuntimeError, match="Linux 6.1.0-0-amd64 has not: vfio_mdev"):
        kernel.as_modules(["vfio_pci", "vfio_mdev"])


def test_a_module_comes_after_what_it_needs(kernel):
    assert kernel.with_dependencies(["vfio_pci"]) == ["kernel/vfio/vfio.ko", "kernel/vfio/pci/vfio-pci.ko"]
