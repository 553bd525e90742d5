"""Messages name the input of the Action where the user wrote one, and never saw a variable."""

from pathlib import Path

from mxcheck.config.flag_texts import unknown_variables
from tests.config.configs import refusal

FROM_INPUTS = {"MXCHECK_FROM_INPUTS": " MXCHECK_MIN_CERT_DAYS MXCHECK_RELAY_SENDER MXCHECK_RELAY"}


def test_what_came_from_an_input_is_named_by_it(tmp_path: Path) -> None:
    environ = {"MXCHECK_MIN_CERT_DAYS": "many", "MXCHECK_RELAY": "no", "MXCHECK_TIMEOUT": "no"}
    assert refusal(tmp_path, environ=environ | FROM_INPUTS) == (
        'the input min-cert-days: "many" is not a whole number',
        'the input relay: "no" is not one of basic, thorough, off',
        'MXCHECK_TIMEOUT: "no" is not a number',
    )


def test_a_fault_that_is_found_later_names_it_too(tmp_path: Path) -> None:
    sender = {"MXCHECK_RELAY_SENDER": "me@example.com"}
    [message] = refusal(tmp_path, environ=sender | FROM_INPUTS)
    assert message.startswith('the input relay-sender: "me@example.com" is at the tested domain')


def test_the_list_of_inputs_is_a_variable_that_is_known() -> None:
    assert unknown_variables(FROM_INPUTS) == ()


def test_where_domains_may_be_named_is_an_input_too(tmp_path: Path) -> None:
    [message] = refusal(tmp_path, {"domains": ()}, environ={"MXCHECK_FROM_INPUTS": "MXCHECK_JSON"})
    assert message.startswith("nothing to check: name a domain in the input domains, or as a")
    assert "MXCHECK" not in message
