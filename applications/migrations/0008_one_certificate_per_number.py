from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0007_papers_judged_for"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="hostingcertificate",
            constraint=models.UniqueConstraint(
                fields=("owner", "state", "number_key"),
                name="one_certificate_per_number_and_account",
            ),
        ),
    ]
