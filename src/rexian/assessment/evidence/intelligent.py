# SPDX-License-Identifier: Apache-2.0
"""The five indicators of the intelligent dimension. Pure."""

from rexian.assessment.evidence.base import Evidence, averaged, measure, none, share, unseen, used
from rexian.assessment.evidence.facts import Facts
from rexian.assessment.translation import gettext_noop

NO_CALLS = gettext_noop("语音导航和语音识别：没有话务和录音的表；接入话务平台以后可测")
NO_INSPECTION = gettext_noop("质检：没有质检结果的表；质检逐单留下结果以后可测")
NO_DIALOGUES = gettext_noop("在线机器人：没有对话记录的表；机器人上线并留下对话以后可测")
NO_TRAINING = gettext_noop("培训：没有培训和考核的表；培训在平台上进行以后可测")
NO_CALLING = gettext_noop("智能回访：回访都由人做，没有自动回访的记录；自动回访上线以后可测")


@measure(
    "I1.1", gettext_noop("派单：统计期内带系统建议的工单；预警：敏感事项监测有没有留下预警。语音和质检没有表，不计")
)
def technology(facts: Facts) -> Evidence:
    """Technology inside the workflow: proposals at intake, watching of matters."""
    return averaged(
        facts.period,
        (
            share(gettext_noop("派单：工单带系统建议"), facts.proposed),
            used(gettext_noop("监测：敏感事项和趋势预警"), facts.matters.total + facts.trends.total, facts.orders),
            unseen(NO_CALLS),
            unseen(NO_INSPECTION),
        ),
    )


@measure("I1.2", gettext_noop("没有经费和团队的表，不测"))
def resources(facts: Facts) -> Evidence:
    """Money and a team are not in the hotline's tables."""
    return none(
        facts.period, gettext_noop("专项经费和专门团队：平台里没有预算和编制的表；只能由问卷回答并附批复和名册")
    )


@measure("I2.1", gettext_noop("四类工具中在用的份额；现在只有智能问答（公开答案）留有记录，不足一半，不给值"))
def citizen_side(facts: Facts) -> Evidence:
    """Of the four tools only the published answers leave rows."""
    return averaged(
        facts.period,
        (
            used(gettext_noop("智能问答：向市民公开的答案"), facts.public_articles, facts.orders),
            unseen(NO_CALLS),
            unseen(NO_CALLS),
            unseen(NO_DIALOGUES),
        ),
    )


@measure(
    "I2.2",
    gettext_noop(
        "七类工具中，派单建议、知识检索、趋势分析、运行监测四类看统计期内有没有用；质检、回访、培训没有表，不计"
    ),
)
def service_side(facts: Facts) -> Evidence:
    """Of seven tools the four that leave rows: whether they were in use."""
    return averaged(
        facts.period,
        (
            used(gettext_noop("派单：带系统建议的工单"), facts.proposed.count, facts.orders),
            used(gettext_noop("知识检索：在用的知识"), facts.articles, facts.orders),
            used(gettext_noop("分析：趋势预警"), facts.trends.total, facts.orders),
            used(gettext_noop("监测：敏感事项预警"), facts.matters.total, facts.orders),
            unseen(NO_INSPECTION),
            unseen(NO_CALLING),
            unseen(NO_TRAINING),
        ),
    )


@measure("I3.1", gettext_noop("内部：按系统建议派出、没有被更正的工单份额；服务：市民评价公开答案有用的份额。两项平均"))
def effect(facts: Facts) -> Evidence:
    """Inside: proposals that dispatchers let stand. Service: answers that citizens found useful."""
    return averaged(
        facts.period,
        (
            share(gettext_noop("内部：派单时没有更正系统建议"), facts.followed),
            share(gettext_noop("服务：市民认为公开答案有用"), facts.useful),
        ),
    )


MEASURES = (technology, resources, citizen_side, service_side, effect)
