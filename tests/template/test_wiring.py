"""The template wires every function, queue and schedule so that nothing can get lost unseen."""

from typing import Any

import pytest

from kulturkontor.aws.settings import Settings
from local.transform import ROOT

Resources = dict[str, Any]

# What the libraries read for themselves.
_NOT_SETTINGS = {"LOG_LEVEL", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_SERVICE_NAME"}


def _of_type(resources: Resources, kind: str) -> dict[str, Any]:
    return {k: v["Properties"] for k, v in resources.items() if v["Type"] == kind}


def _target(value: Any) -> str:
    """The logical id that a Ref or GetAtt names."""
    return str(value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0])


def test_functions_of_the_template_are_the_folders_of_functions(resources: Resources) -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/app.py")}
    deployed = {
        properties["FunctionName"]["Fn::Sub"].removeprefix("${AWS::StackName}-").replace("-", "_")
        for properties in _of_type(resources, "AWS::Lambda::Function").values()
    }
    assert deployed == folders


def test_functions_are_named_after_their_folders(written: dict[str, Any]) -> None:
    named = {
        logical: resource["Properties"]["CodeUri"]
        for logical, resource in written["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    assert named == {
        logical: "functions/" + _snake(logical.removesuffix("Function")) for logical in named
    }


def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


def test_every_setting_that_is_read_is_set_and_the_reverse(written: dict[str, Any]) -> None:
    variables = written["Globals"]["Function"]["Environment"]["Variables"]
    assert set(variables) - _NOT_SETTINGS == {name.upper() for name in Settings.model_fields}


def test_no_function_has_settings_of_its_own(written: dict[str, Any]) -> None:
    own = [
        logical
        for logical, resource in written["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
        and "Environment" in resource["Properties"]
    ]
    assert own == []


def test_queues_that_functions_read_have_a_failure_queue_after_several_tries(
    resources: Resources,
) -> None:
    queues = _of_type(resources, "AWS::SQS::Queue")
    redrive = {
        queue: (
            _target(queues[queue]["RedrivePolicy"]["deadLetterTargetArn"]),
            queues[queue]["RedrivePolicy"]["maxReceiveCount"],
        )
        for queue in _read_queues(resources)
    }
    assert redrive == {queue: (queue.replace("Queue", "FailureQueue"), 5) for queue in redrive}


def test_queues_hide_a_message_six_times_as_long_as_its_function_may_take(
    resources: Resources,
) -> None:
    queues = _of_type(resources, "AWS::SQS::Queue")
    functions = _of_type(resources, "AWS::Lambda::Function")
    too_short = {
        queue: (queues[queue]["VisibilityTimeout"], functions[function]["Timeout"])
        for queue, function in _read_queues(resources).items()
        if queues[queue]["VisibilityTimeout"] < 6 * functions[function]["Timeout"]
    }
    assert too_short == {}


def test_queue_readers_report_single_failures_and_run_two_at_a_time(resources: Resources) -> None:
    mappings = _of_type(resources, "AWS::Lambda::EventSourceMapping").values()
    assert [
        (m["FunctionResponseTypes"], m["ScalingConfig"]["MaximumConcurrency"]) for m in mappings
    ] == [(["ReportBatchItemFailures"], 2)] * len(mappings)


def _read_queues(resources: Resources) -> dict[str, str]:
    """Each queue that a function reads, and the function."""
    mappings = _of_type(resources, "AWS::Lambda::EventSourceMapping").values()
    return {_target(m["EventSourceArn"]): _target(m["FunctionName"]) for m in mappings}


def test_every_function_is_reached_in_exactly_one_way(resources: Resources) -> None:
    permissions = _of_type(resources, "AWS::Lambda::Permission").values()
    schedules = _of_type(resources, "AWS::Scheduler::Schedule").values()
    reached = [
        *_read_queues(resources).values(),
        *(_target(p["FunctionName"]) for p in permissions),
        *(_target(s["Target"]["Arn"]) for s in schedules),
    ]
    assert sorted(reached) == sorted(_of_type(resources, "AWS::Lambda::Function"))


def test_schedules_keep_oslo_time_and_a_failure_queue(resources: Resources) -> None:
    schedules = _of_type(resources, "AWS::Scheduler::Schedule")
    kept = {
        logical: (
            properties["ScheduleExpressionTimezone"],
            _target(properties["Target"]["DeadLetterConfig"]["Arn"]),
            properties["State"],
        )
        for logical, properties in schedules.items()
    }
    expected = ("Europe/Oslo", "ScheduleFailureQueue", {"Ref": "ScheduleState"})
    assert kept == dict.fromkeys(schedules, expected)


def test_scheduled_functions_put_what_they_could_not_do_in_a_failure_queue(
    resources: Resources,
) -> None:
    scheduled = {
        _target(s["Target"]["Arn"])
        for s in _of_type(resources, "AWS::Scheduler::Schedule").values()
    }
    destinations = {
        _target(p["FunctionName"]): _target(p["DestinationConfig"]["OnFailure"]["Destination"])
        for p in _of_type(resources, "AWS::Lambda::EventInvokeConfig").values()
    }
    assert destinations == dict.fromkeys(scheduled, "ScheduleFailureQueue")


def test_event_rules_lead_to_queues_and_keep_what_they_cannot_deliver(
    resources: Resources,
) -> None:
    targets = {
        logical: [
            (_target(t["Arn"]), _target(t["DeadLetterConfig"]["Arn"]))
            for t in properties["Targets"]
        ]
        for logical, properties in _of_type(resources, "AWS::Events::Rule").items()
    }
    assert targets == {
        "UploadCreatedRule": [("UploadQueue", "UploadFailureQueue")],
        "UploadScannedRule": [("UploadQueue", "UploadFailureQueue")],
        "SheetCreatedRule": [("SheetQueue", "SheetFailureQueue")],
        "BankFileCreatedRule": [("BankQueue", "BankFailureQueue")],
        "MailEventRule": [("DeliveryQueue", "DeliveryFailureQueue")],
    }


@pytest.mark.parametrize("rule", ["Upload", "Sheet", "Bank", "Delivery"])
def test_queue_policies_let_in_only_their_own_rules(resources: Resources, rule: str) -> None:
    leading_here = {
        logical
        for logical, properties in _of_type(resources, "AWS::Events::Rule").items()
        if _target(properties["Targets"][0]["Arn"]) == f"{rule}Queue"
    }
    (statement,) = resources[f"{rule}QueuePolicy"]["Properties"]["PolicyDocument"]["Statement"]
    sources = {_target(arn) for arn in statement["Condition"]["ArnEquals"]["aws:SourceArn"]}
    assert (statement["Principal"], statement["Action"], sources) == (
        {"Service": "events.amazonaws.com"},
        "sqs:SendMessage",
        leading_here,
    )


def test_each_failure_queue_keeps_its_messages_two_weeks_and_has_an_alarm(
    resources: Resources,
) -> None:
    queues = _of_type(resources, "AWS::SQS::Queue")
    failures = {logical for logical in queues if logical.endswith("FailureQueue")}
    watched = {
        _target(alarm["Dimensions"][0]["Value"])
        for alarm in _of_type(resources, "AWS::CloudWatch::Alarm").values()
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
        and (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")
        and alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}]
    }
    assert watched == failures
    assert {queues[each]["MessageRetentionPeriod"] for each in failures} == {14 * 24 * 3600}


def test_a_missing_heartbeat_is_an_alarm(resources: Resources) -> None:
    alarm = resources["HeartbeatAlarm"]["Properties"]
    assert (alarm["Namespace"], alarm["MetricName"], alarm["TreatMissingData"]) == (
        "Kulturkontor",
        "Heartbeat",
        "breaching",
    )


def test_logs_of_every_function_are_kept_ninety_days(resources: Resources) -> None:
    groups = _of_type(resources, "AWS::Logs::LogGroup")
    functions = _of_type(resources, "AWS::Lambda::Function")
    written_to = {
        logical: _target(p["LoggingConfig"]["LogGroup"]) for logical, p in functions.items()
    }
    assert written_to == {logical: f"{logical}Log" for logical in functions}
    assert {properties["RetentionInDays"] for properties in groups.values()} == {90}


def test_access_logs_hold_no_path_and_no_address(resources: Resources) -> None:
    formats = {
        properties["AccessLogSettings"]["Format"]
        for properties in _of_type(resources, "AWS::ApiGatewayV2::Stage").values()
    }
    assert [f for f in formats if "ath" in f or "sourceIp" in f or "identity" in f] == []
