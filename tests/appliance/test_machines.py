"""The descriptions of the machine: by the rules of their formats, as other parsers than ours read them."""
import hashlib
import pathlib
import re
import subprocess
import tarfile
import xml.etree.ElementTree

import pytest

OVF = "{http://schemas.dmtf.org/ovf/envelope/1}"
RASD = "{http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData}"
RULES = pathlib.Path(__file__).with_name("ovf.rng")
DISK, NIC, CD = "17", "10", "15"  # CIM_ResourceAllocationSettingData.ResourceType


@pytest.fixture(scope="module")
def unpacked(image, tmp_path_factory):
    """The OVA's members, in their order, in a folder."""
    folder = tmp_path_factory.mktemp("ova")
    listing = subprocess.run(["tar", "-tf", image / "gate41.ova"], check=True, capture_output=True, text=True).stdout
    subprocess.run(["tar", "-C", folder, "-xf", image / "gate41.ova"], check=True)
    return [folder / name for name in listing.split()]


@pytest.fixture(scope="module")
def envelope(unpacked):
    return xml.etree.ElementTree.parse(unpacked[0]).getroot()


def items(envelope, kind):
    found = envelope.iter(f"{OVF}Item")
    return [{e.tag.removeprefix(RASD): e.text for e in item} for item in found if item.findtext(f"{RASD}ResourceType") == kind]


@pytest.mark.proves("S14")
def test_the_ova_has_descriptor_manifest_and_disk_in_this_order(image, unpacked):
    assert [path.name for path in unpacked] == ["gate41.ovf", "gate41.mf", "gate41.vmdk"]
    with open(image / "gate41.ova", "rb") as archive:
        assert archive.read(265)[257:] == b"ustar\x0000"
    with tarfile.open(image / "gate41.ova") as archive:
        assert {(member.uid, member.uname, member.mode) for member in archive} == {(0, "", 0o644)}


@pytest.mark.proves("S14")
def test_the_manifest_has_the_digest_of_every_file(unpacked):
    lines = dict(re.findall(r"^SHA256\((.+)\)= ([0-9a-f]{64})$", unpacked[1].read_text(), re.MULTILINE))
    assert lines == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (unpacked[0], unpacked[2])}


@pytest.mark.proves("S14")
def test_the_descriptor_keeps_the_rules_of_ovf(unpacked):
    result = subprocess.run(["xmllint", "--noout", "--relaxng", RULES, unpacked[0]], check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_a_descriptor_that_breaks_them_is_told(unpacked, tmp_path):
    broken = tmp_path / "broken.ovf"
    broken.write_text(unpacked[0].read_text().replace("<rasd:InstanceID>5</rasd:InstanceID>", ""))
    result = subprocess.run(["xmllint", "--noout", "--relaxng", RULES, broken], check=False, capture_output=True)
    assert result.returncode != 0


@pytest.mark.proves("S14")
def test_what_the_descriptor_refers_to_is_there(image, unpacked, envelope):
    file, disk = envelope.find(f".//{OVF}File"), envelope.find(f".//{OVF}Disk")
    assert file.get(f"{OVF}href") == unpacked[2].name
    assert int(file.get(f"{OVF}size")) == unpacked[2].stat().st_size
    assert disk.get(f"{OVF}fileRef") == file.get(f"{OVF}id")
    assert int(disk.get(f"{OVF}capacity")) == (image / "gate41.raw").stat().st_size
    (drive,) = items(envelope, DISK)
    assert drive["HostResource"] == f"ovf:/disk/{disk.get(f'{OVF}diskId')}"
    numbers = [item.findtext(f"{RASD}InstanceID") for item in envelope.iter(f"{OVF}Item")]
    assert len(numbers) == len(set(numbers)) and drive["Parent"] in numbers


def test_a_hypervisor_can_hand_the_configuration_over_by_a_cd(envelope):
    product, hardware = envelope.find(f".//{OVF}ProductSection"), envelope.find(f".//{OVF}VirtualHardwareSection")
    key = f"{product.get(f'{OVF}class')}.{product.find(f'{OVF}Property').get(f'{OVF}key')}"
    assert (key, hardware.get(f"{OVF}transport")) == ("gate41.config", "iso")
    assert len(items(envelope, CD)) == 1


@pytest.mark.proves("S15")
def test_it_has_one_bridged_nic_that_every_hypervisor_knows(envelope):
    (nic,) = items(envelope, NIC)
    assert (nic["Connection"], nic["ResourceSubType"]) == ("bridged", "E1000")
    assert envelope.find(f".//{OVF}Network").get(f"{OVF}name") == "bridged"


def test_the_vmdk_is_what_esxi_imports(unpacked):
    content = unpacked[2].read_bytes()
    assert content[:8] == b"KDMV\x03\0\0\0"
    assert b'createType="streamOptimized"' in content[512:20 * 512]


@pytest.mark.proves("S17")
def test_the_vmx_names_its_disk(image):
    lines = dict(re.findall(r'^(\S+) = "(.*)"$', (image / "vmware/gate41.vmx").read_text(), re.MULTILINE))
    assert (image / "vmware" / lines["ide0:0.fileName"]).exists()
    assert lines["ethernet0.virtualDev"] == "vmxnet3"


def test_the_libvirt_domain_is_well_formed_and_names_the_qcow2(image):
    domain = xml.etree.ElementTree.parse(image / "gate41.xml").getroot()
    assert pathlib.Path(domain.find(".//disk/source").get("file")).name == "gate41.qcow2"
