from imagechat.model.ids import room_id, tenant_of, wire_room_id


def test_a_room_has_one_name_whether_asked_for_by_urlid_or_by_urlidws() -> None:
    assert room_id("demo", "a picture") == room_id("demo", wire_room_id("a picture"))
    assert tenant_of(room_id("demo", "a.b")) == "demo"


def test_AUTH1_the_same_urlid_of_two_tenants_is_two_rooms() -> None:
    assert room_id("a", "x") != room_id("b", "x")
