"""The roles of the house as groups; what each may do is granted after every migrate."""

from django.db import migrations

ROLES = [
    "agent",
    "centre_manager",
    "complaint_handler",
    "appeal_officer",
    "supervisor",
    "administrator",
]


def create_roles(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(create_roles, migrations.RunPython.noop)]
