from portal.catalogues.extraction import extracted


def found(project):
    return {(message.context, message.id): message for message in extracted(project) if message.id}


def test_every_way_to_mark_a_text_is_read(project):
    assert set(found(project)) == {
        (None, "Book %(date)s"),
        (None, "One sentence."),
        (None, ("%(count)s day", "%(count)s days")),
        ("month", "May"),
        (None, "From a template"),
        (None, "Hello %(name)s, welcome."),
        (None, ("%(n)s hour", "%(n)s hours")),
        ("permission", "May"),
        (None, "Nothing"),
    }


def test_a_text_names_its_file_and_no_line(project):
    messages = found(project)
    assert messages[None, "Book %(date)s"].locations == [("portal/words.py", 1)]
    assert messages[None, "Nothing"].locations == [("templates/portal/page.html", 1)]


def test_a_word_to_translators_comes_along(project):
    assert found(project)[None, "Book %(date)s"].auto_comments == ["on the button"]


def test_migrations_are_not_read(project):
    (project / "portal" / "migrations").mkdir()
    (project / "portal" / "migrations" / "a.py").write_text('_("Old")')
    assert (None, "Old") not in found(project)
