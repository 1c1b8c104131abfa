from django.db import migrations, models
from django.db.models import Q

STATES = [
    ("open", "Open"),
    ("accepted", "Accepted"),
    ("declined", "Declined"),
    ("lapsed", "Not answered in time"),
    ("not_offered", "Not offered"),
]


class Migration(migrations.Migration):
    """An old time may not be offered back: its person has cancelled, or it is too near."""

    dependencies = [("appointments", "0013_who_applies_a_plan")]

    operations = [
        migrations.RemoveConstraint(model_name="returnoffer", name="offer_state_is_known"),
        migrations.AlterField(
            model_name="returnoffer",
            name="state",
            field=models.CharField(
                choices=STATES, default="open", max_length=20, verbose_name="state"
            ),
        ),
        migrations.AddConstraint(
            model_name="returnoffer",
            constraint=models.CheckConstraint(
                name="offer_state_is_known",
                condition=Q(state__in=[state for state, _label in STATES]),
            ),
        ),
    ]
