import io
from xml.etree.ElementTree import fromstring
from zipfile import ZipFile

from tests.engine.rules.building import values_of


def test_xml_is_well_formed():
    for text in values_of(10, data_type="VARCHAR", faker_rule="xml"):
        assert len(fromstring(text)) > 0


def test_archives_open_and_have_no_date():
    (data,) = values_of(1, data_type="VARBYTE", faker_rule="zip")
    with ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert [entry.date_time[0] for entry in archive.infolist()] == [1980]
