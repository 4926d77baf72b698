"""What `check` says of a stack in moto whose Dotdigital is the sandbox."""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.check.subscriptions import DeployedVersion, read_deployed
from cli.ending import CommandError
from dev.sandbox.limits import LimitRules
from dev.sandbox.server import PASSWORD, USERNAME, Sandbox
from dotdigital import SWITCHED_ON, Right
from tests.unit.cli.conftest import Cli, Queues
from tests.unit.cli.deployed import Deployed

CONNECT = "segment-dotdigital connect --stack shop"
OF_STACK = "the secret of this stack is"
SMS = {
    "name": "Texts",
    "partnerAction": "sendSms",
    "subscribe": 'type = "track"',
    "mapping": {"to": "+447700900001", "message": "Hi"},
}
FINE: Mapping[str, tuple[str, str]] = {
    "subscriptions": ("right", "1, of which 1 are enabled"),
    "secret": ("right", "readable and whole"),
    "credentials and region": ("right", "account 4711, Sandbox account, in r1"),
    "dead letters": ("right", "none in 3 queues"),
    "queues": ("right", "nothing waits"),
}


class Table:
    """What the command found, by what was checked; `rest` is the exit status."""

    def __init__(self, cli: Cli, *options: str | Path) -> None:
        result = cli("check", "--json", *options)
        assert result.stdout, result.stderr
        self.exit_code = result.exit_code
        self.findings: list[dict[str, str]] = json.loads(result.stdout)["findings"]

    def of(self, checked: str) -> list[tuple[str, str, str]]:
        """Status, finding and advice of each row about it."""
        return [(row["status"], row["found"], row["advice"]) for row in self.findings if row["checked"] == checked]

    @property
    def wrong(self) -> list[str]:
        return [row["found"] for row in self.findings if row["status"] in {"wrong", "unknown"}]


def sends(action: str, **mapping: Any) -> dict[str, Any]:
    """A subscription of an action with a mapping."""
    return {"name": action, "partnerAction": action, "subscribe": 'type = "track"', "mapping": mapping}


class Checks:
    """Checks stack `shop`, connected, with subscriptions of a file; they are one of texts to begin with."""

    def __init__(self, cli: Cli, file: Path, deployed: Deployed) -> None:
        self.cli, self.file, self.deployed = cli, file, deployed
        self.write(SMS)

    def write(self, *entries: Mapping[str, Any]) -> None:
        self.file.write_text(json.dumps({"subscriptions": entries}))

    def __call__(self, *entries: Mapping[str, Any]) -> Table:
        if entries:
            self.write(*entries)
        return Table(self.cli, "--subscriptions", self.file)


@pytest.fixture
def check(cli: Cli, deployed: Deployed, queues: Queues, tmp_path: Path) -> Checks:
    deployed.put(webhookSecret="w")
    return Checks(cli, tmp_path / "mine.json", deployed)


def test_a_stack_with_which_nothing_is_wrong(check: Checks) -> None:
    result = check.cli("check", "--subscriptions", check.file)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert result.stdout.endswith("Nothing is wrong.\n")
    found = check()
    rows = {row["checked"]: (row["status"], row["found"]) for row in found.findings}
    assert {key: rows[key] for key in FINE} == FINE
    assert rows["stack"][1].startswith("CREATE_COMPLETE, 20")
    assert rows["requests"][0] == "right"
    assert found.of("last 24 hours")[0][:2] == ("note", "0 delivered, 0 rejected")
    assert found.of("alarms") == [
        ("note", "the stack has none", ""),
        ("note", "they tell nobody", "deploy with the parameter AlarmTopicArn"),
    ]
    assert (found.exit_code, found.wrong) == (0, [])


def test_nothing_is_changed_anywhere(check: Checks, sandbox: Sandbox, queues: Queues) -> None:
    before = check.deployed.value
    queues.dead_letter()
    check(sends("sendTransactionalSms"), sends("sendTransactionalEmail"), sends("addContactToList", listId=301))
    assert {request.method for request in sandbox.requests} == {"GET"}
    assert (sandbox.journal, check.deployed.value, queues.waiting("send_sms-dead-letters")) == ((), before, 1)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (
            "{",
            [("wrong", f"{OF_STACK} not JSON; put {{region, username, password, sharedSecret}}", CONNECT)],
        ),
        (
            {"region": "r9"},
            [("wrong", f"{OF_STACK} not right: region: Input should be 'r1', 'r2' or 'r3'", CONNECT)],
        ),
        (
            {"sharedSecret": ""},
            [("wrong", "sharedSecret is empty: whoever knows the URL can send events", CONNECT)],
        ),
        (
            {"sharedSecretPrevious": "before"},
            [
                ("right", "readable and whole", ""),
                ("note", "a rotation is under way", f"{CONNECT} --rotate --finish ends it"),
            ],
        ),
    ],
)
def test_the_secret_is_readable_and_whole_or_not(check: Checks, value: Any, found: list[Any]) -> None:
    deployed = check.deployed
    if isinstance(value, str):
        deployed.secrets.put_secret_value(SecretId=deployed.arn, SecretString=value)
    else:
        deployed.put(**{"webhookSecret": "w", **value})
    table = check()
    assert (table.of("secret"), table.exit_code) == (found, int(found[0][0] == "wrong"))
    assert table.of("dead letters") == [("right", "none in 3 queues", "")]


def test_a_secret_that_has_no_value_hides_nothing_of_aws(cli: Cli, deployed: Deployed, queues: Queues) -> None:
    table = Table(cli, "--subscriptions", "none.json")
    assert table.of("secret") == [("wrong", "it has no value yet", CONNECT)]
    assert table.of("dead letters") == [("right", "none in 3 queues", "")]


def test_what_the_secret_lacks_may_be_meant(check: Checks) -> None:
    check.deployed.put()
    found = "no webhookSecret: of a batch only the first event is signed"
    assert check().of("secret")[1:] == [("note", found, "docs/settings.md")]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (
            401,
            (
                "wrong",
                "Dotdigital refuses username or password",
                f"put those of an API user (Settings > Access > API users) ({CONNECT})",
            ),
        ),
        (500, ("unknown", "Dotdigital does not say: Armed failure", "")),
    ],
)
def test_credentials_that_are_refused_hide_nothing_of_aws(
    check: Checks, sandbox: Sandbox, status: int, expected: tuple[str, str, str]
) -> None:
    sandbox.fail("status", path="^/v2/account-info$", status=status)
    table = check()
    assert (table.of("credentials and region"), table.exit_code) == ([expected], 1)
    assert table.of("dead letters") == [("right", "none in 3 queues", "")]


RIGHTS = {
    Right.TRANSACTIONAL_SMS: ("sendTransactionalSms", "^/cpaas/messages/"),
    Right.TRANSACTIONAL_EMAIL: ("sendTriggeredCampaign", "^/v2/email/stats/"),
    Right.INSIGHT_DATA: ("upsertInsightData", "^/insightData/v3/collections$"),
    Right.EVENTS: ("recordEvent", "^/events/v3/export/"),
}


@pytest.mark.parametrize("right", Right)
def test_a_right_that_a_subscription_needs_is_there_or_not(check: Checks, sandbox: Sandbox, right: Right) -> None:
    action, path = RIGHTS[right]
    assert check(sends(action)).of(right.value)[0][0] == "right"
    sandbox.fail("status", path=path, status=403)
    lacks = ("wrong", f"the account may not, and {action} needs it", SWITCHED_ON[right])
    assert check().of(right.value) == [lacks]
    sandbox.fail("status", path=path, status=500)
    assert check().of(right.value)[0][0] == "unknown"
    assert check({**sends(action), "enabled": False}).of(right.value) == []


@pytest.mark.parametrize(
    ("action", "mapping", "checked", "found"),
    [
        ("addContactToList", {"listId": 301}, "lists", ("right", "the account has all 1 that mappings name", "")),
        ("addContactToList", {"listId": {"@path": "$.x"}}, "lists", None),
        (
            "addContactToList",
            {"listId": {"@if": {"exists": {"@path": "$.x"}, "then": {"@path": "$.x"}, "else": "310"}}},
            "lists",
            ("wrong", "addContactToList: the account has no list 310", "the nearest is 303, Waiting list"),
        ),
        (
            "removeContactFromList",
            {"listId": "newsleter"},
            "lists",
            ("wrong", "removeContactFromList: the account has no list newsleter", "the nearest is 301, Newsletter"),
        ),
        (
            "removeContactFromList",
            {"listId": "99"},
            "lists",
            (
                "wrong",
                "removeContactFromList: the account has no list 99",
                "segment-dotdigital's catalog lists what there is (docs/catalog.md)",
            ),
        ),
        ("enrolContact", {"programId": "501"}, "programs", ("right", "the account has all 1 that mappings name", "")),
        (
            "enrolContact",
            {"programId": "504"},
            "programs",
            (
                "wrong",
                "enrolContact: the program 504, Old welcome, is Deactivated",
                "activate it in Dotdigital, or name another",
            ),
        ),
        (
            "sendEmailCampaign",
            {"campaignId": 600},
            "campaigns",
            ("wrong", "sendEmailCampaign: the account has no campaign 600", "the nearest is 604, Not yet approved"),
        ),
        (
            "addContactToList",
            {"dataFields": {"firstname": {"@path": "$.x"}, "FRISTNAME": "x"}},
            "data fields",
            ("wrong", "addContactToList: the account has no data field FRISTNAME", "the nearest is FIRSTNAME"),
        ),
        (
            "addContactToList",
            {"dataFields": {"firstname": "x", "CITY": "y"}},
            "data fields",
            ("right", "the account has all 2 that mappings name", ""),
        ),
        ("addContactToList", {"dataFields": {"@path": "$.x"}}, "data fields", None),
    ],
)
def test_what_mappings_name_is_looked_up(check: Checks, action: str, mapping: Any, checked: str, found: Any) -> None:
    assert check(sends(action, **mapping)).of(checked)[:1] == ([found] if found else [])


def test_a_listing_that_is_refused_is_told(check: Checks, sandbox: Sandbox) -> None:
    check.write(sends("addContactToList", listId=301))
    sandbox.fail("status", path="^/v2/address-books$", status=403)
    [(status, found, _)] = check().of("ids in mappings")
    assert (status, found.startswith("Dotdigital does not say: ")) == ("unknown", True)


def test_a_subscription_that_cannot_be_used_is_named_and_the_others_are_checked(check: Checks) -> None:
    contact = {"channelIdentifier": "email", "emailIdentifier": {"@path": "$.email"}}
    table = check({**SMS, "subscribe": "type ="}, sends("addContactToList", listId=1, **contact))
    [(status, found, advice)] = table.of("subscriptions")
    assert (status, found.startswith("Texts: subscribe: ")) == ("wrong", True)
    assert advice == "correct it in layers/subscriptions/subscriptions.json and deploy"
    assert table.of("lists")[0][0] == "right"


def test_what_is_left_of_the_limits(check: Checks, sandbox: Sandbox) -> None:
    check.write(SMS, sends("sendEmailCampaign"))
    sandbox.state.account.sms_credits = 0
    sandbox.limit(LimitRules(scheme="tiered", per_minute=5))
    table = check()
    assert table.of("SMS credits") == [("wrong", "none is left in the account", "have them topped up")]
    assert table.of("e-mail credits")[0][0] == "right"
    [(status, found, _)] = table.of("limit")
    assert (status, found) == ("note", "highCallRate: 4 of 5 requests are left until its reset")


def test_dead_letters_and_what_waits(check: Checks, queues: Queues) -> None:
    queues.dead_letter()
    queues.put("enrol_contact", "{}")
    table = check()
    advice = "segment-dotdigital failures list --stack shop --action send_sms"
    assert table.of("dead letters") == [("wrong", "send_sms has 1", advice)]
    assert table.of("queues") == [("right", "enrol_contact: 1", "")]
    assert table.of("oldest message") == [("note", "CloudWatch has no age of it yet", "")]
    assert table.exit_code == 1


@pytest.fixture
def metrics(deployed: Deployed) -> Iterator[Any]:
    client = deployed.stack.session.client("cloudwatch")
    yield client
    client.close()


def put(metrics: Any, namespace: str, name: str, value: float, minutes_ago: float, **dimensions: str) -> None:
    listed = [{"Name": key, "Value": text} for key, text in dimensions.items()]
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    data = {"MetricName": name, "Value": value, "Dimensions": listed, "Timestamp": at}
    metrics.put_metric_data(Namespace=namespace, MetricData=[data])


@pytest.mark.parametrize(
    ("seconds", "found"),
    [
        (300, ("right", "waits for 5 min", "")),
        (
            7300,
            ("wrong", "the oldest of send_sms waits for 2 h", "look at the limits and at Dotdigital's status"),
        ),
    ],
)
def test_the_age_of_the_oldest_message(
    check: Checks, metrics: Any, queues: Queues, seconds: float, found: tuple[str, str, str]
) -> None:
    queues.put("send_sms", "{}")
    put(metrics, "AWS/SQS", "ApproximateAgeOfOldestMessage", seconds, 6, QueueName="shop-send_sms")
    assert check().of("oldest message") == [found]


def test_messages_of_the_last_day_alone_count(check: Checks, metrics: Any) -> None:
    for value, minutes in ((5, 90), (7, 2000)):
        put(metrics, "SegmentDotdigital", "Outcomes", value, minutes, service="shop", outcome="delivered")
    put(metrics, "SegmentDotdigital", "Outcomes", 2, 90, service="shop", outcome="rejected")
    put(metrics, "SegmentDotdigital", "Outcomes", 9, 90, service="shop-eu", outcome="delivered")
    found = check().of("last 24 hours")
    assert found == [("right", "5 delivered, 2 rejected", "")]


def test_alarms_of_this_stack_alone_that_ring(check: Checks, metrics: Any) -> None:
    for name in ("shop-RetryingAlarm-1AB", "shop-RejectedAlarm-2CD", "shop-eu-RetryingAlarm-3EF"):
        metrics.put_metric_alarm(
            AlarmName=name,
            AlarmDescription="Something rings",
            MetricName="m",
            Namespace="n",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
            Statistic="Sum",
        )
    assert check().of("alarms")[0] == ("right", "none of 2 rings", "")
    for name in ("shop-RetryingAlarm-1AB", "shop-eu-RetryingAlarm-3EF"):
        metrics.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="r")
    table = check()
    assert table.of("alarm") == [("wrong", "shop-RetryingAlarm-1AB: Something rings", "docs/operating.md#alarms")]


def deploy_layer(deployed: Deployed, content: bytes | None, layer: str = "shop-subscriptions") -> None:
    """Deploy a webhook function with a layer, whose content is at `<http>/layer.zip`: moto keeps it to itself."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("README", "")
        if content is not None:
            archive.writestr("subscriptions.json", content)
    session = deployed.stack.session
    iam, functions = session.client("iam"), session.client("lambda")
    arn = functions.publish_layer_version(LayerName=layer, Content={"ZipFile": data.getvalue()})["LayerVersionArn"]
    functions.create_function(
        FunctionName="shop-segment_webhook",
        Runtime="python3.13",
        Role=iam.create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"],
        Handler="x.y",
        Code={"ZipFile": data.getvalue()},
        Layers=[arn],
        Publish=True,
    )
    functions.create_alias(FunctionName="shop-segment_webhook", Name="live", FunctionVersion="1")
    for client in (iam, functions):
        client.close()
    url = deployed.http.url_for("/layer.zip")
    deployed.http.expect_request("/layer.zip").respond_with_data(data.getvalue())

    def point_here(parsed: dict[str, Any], **_: Any) -> None:
        parsed["Content"]["Location"] = url

    session.events.register("after-call.lambda.GetLayerVersion", point_here)


def test_the_subscriptions_that_are_deployed_are_read_out_of_their_layer(deployed: Deployed) -> None:
    deploy_layer(deployed, json.dumps({"subscriptions": [SMS]}).encode())
    read = read_deployed(deployed.stack)
    assert read == DeployedVersion("1", read.changed, [SMS])


@pytest.mark.parametrize(
    ("content", "layer", "problem"),
    [
        (None, "shop-subscriptions", "has no subscriptions.json"),
        (b"{", "shop-subscriptions", "The deployed subscriptions cannot be read: "),
        (b"{}", "shop-subscriptions", "cannot be read: it must be"),
        (b"[]", "shop-shared", "shop-segment_webhook has no layer of subscriptions"),
    ],
)
def test_a_layer_without_subscriptions_is_told(
    deployed: Deployed, content: bytes | None, layer: str, problem: str
) -> None:
    deploy_layer(deployed, content, layer)
    with pytest.raises(CommandError, match=problem):
        read_deployed(deployed.stack)


def test_subscriptions_that_cannot_be_read_are_told_and_hide_nothing(cli: Cli, deployed: Deployed) -> None:
    deployed.put()
    deploy_layer(deployed, b"[]")
    table = Table(cli)
    assert table.of("subscriptions") == [("unknown", "The layer of subscriptions cannot be read (InvalidSchema).", "")]
    assert (table.of("secret")[0], table.exit_code) == (("right", "readable and whole", ""), 1)
    table = Table(cli, "--subscriptions", "none.json")
    assert table.of("subscriptions") == [("unknown", "none.json cannot be read: No such file or directory", "")]


DENIED_XML = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
DENIED_JSON = '{"__type": "AccessDeniedException", "message": "no"}'


@pytest.mark.parametrize(
    ("service", "checked", "operation"),
    [
        ("CLOUDFORMATION", "stack, secret and account", "cloudformation:DescribeStacks"),
        ("SECRETS_MANAGER", "secret", "secretsmanager:GetSecretValue"),
        ("SQS", "queues", "sqs:ListQueues"),
        ("LAMBDA", "subscriptions", "lambda:GetFunction"),
    ],
)
def test_what_there_is_no_right_to_ask_is_told_and_hides_nothing_else(
    check: Checks, monkeypatch: pytest.MonkeyPatch, service: str, checked: str, operation: str
) -> None:
    body = DENIED_XML if service == "CLOUDFORMATION" else DENIED_JSON
    headers = {"x-amzn-ErrorType": "AccessDeniedException"}
    check.deployed.http.expect_request(re.compile("/denied.*")).respond_with_data(body, 403, headers)
    monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", check.deployed.http.url_for("/denied"))
    table = Table(check.cli)
    [(status, found, _)] = table.of(checked)
    assert (status, found.startswith(f"AWS denies {operation} in ")) == ("unknown", True)
    others = {"secret", "queues", "subscriptions", "last 24 hours"} - {checked}
    assert all(table.of(other) for other in others if service != "CLOUDFORMATION" or other != "secret")
    assert table.exit_code == 1


def test_a_stack_that_is_not_there_is_no_finding(cli: Cli, deployed: Deployed) -> None:
    result = cli("check", "--stack", "shp")
    assert (result.stderr.startswith("There is no stack shp in eu-west-1."), result.exit_code) == (True, 2)


def test_no_secret_is_told(check: Checks) -> None:
    output = "".join(check.cli("check", "--subscriptions", check.file, *options).output for options in ([], ["--json"]))
    assert not any(secret in output for secret in (USERNAME, PASSWORD, check.deployed.value["sharedSecret"]))
