"""All cases of DANE."""

from tests.real.dane.by_name import BY_NAME
from tests.real.dane.end_entity import END_ENTITY
from tests.real.dane.lookups import LOOKUPS
from tests.real.dane.paths import PATHS
from tests.real.dane.records import AGILITY, UNUSABLE
from tests.real.dane.trust_anchor import TRUST_ANCHOR

CASES = (*END_ENTITY, *TRUST_ANCHOR, *PATHS, *AGILITY, *UNUSABLE, *LOOKUPS, *BY_NAME)
