"""Hide every case of a text about staff from the counter, and let each have the text's files."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def hide_what_tells_of_staff(apps, schema_editor):
    complaint = apps.get_model("complaints", "Complaint")
    about_staff = (
        Q(case__category="staff")
        | Q(twin__category="staff")
        | Q(twin__complaint__twin__category="staff")  # a text has three subjects at most
    )
    found = complaint.objects.filter(about_staff).values("case")
    complaint.objects.filter(case__in=found).update(hidden_from_counter=True)


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0001_squashed_0003_queue_indexes"),
        ("uploads", "0001_stored_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="hidden_from_counter",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AlterField(
            model_name="casefile",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="uploads.storedfile",
            ),
        ),
        migrations.AddConstraint(
            model_name="casefile",
            constraint=models.UniqueConstraint(
                fields=("case", "file"), name="a_file_once_in_a_case"
            ),
        ),
        migrations.RunPython(hide_what_tells_of_staff, migrations.RunPython.noop),
    ]
