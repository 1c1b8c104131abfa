from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0002_household_hosting_counter_messages"),
    ]

    operations = [
        migrations.AddField(
            model_name="hostedapplication",
            name="original",
            field=models.BooleanField(blank=True, null=True, verbose_name="original"),
        ),
        migrations.AddField(
            model_name="hostedapplication",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="seen"),
        ),
        migrations.AddConstraint(
            model_name="hostedapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("original__isnull", True), ("seen_at__isnull", True)),
                    models.Q(("original__isnull", False), ("seen_at__isnull", False)),
                    _connector="OR",
                ),
                name="an_original_is_seen_at_a_time",
            ),
        ),
    ]
