# SPDX-License-Identifier: Apache-2.0
"""The six indicators of use and security of data (D4, D5). Pure."""

from rexian.assessment.evidence.base import Evidence, averaged, measure, none, share, unseen, used
from rexian.assessment.evidence.facts import Facts
from rexian.assessment.translation import gettext_noop

NO_REPORTS = gettext_noop("没有分析报告的表；报告由平台生成、每份留下种类、日期和送给谁以后可测")
YEARLY_INSTRUCTIONS = 12.0
YEAR = 365.0
"""Days."""


@measure("D4.1", gettext_noop("四类方法中留有成果记录的份额；现在只有趋势预警（预测）留有记录，不足一半，不给值"))
def methods(facts: Facts) -> Evidence:
    """Of the four methods only the prediction behind trend alarms leaves rows."""
    return averaged(
        facts.period,
        (
            used(gettext_noop("预测：趋势预警"), facts.trends.total, facts.orders),
            unseen(NO_REPORTS),
            unseen(NO_REPORTS),
            unseen(NO_REPORTS),
        ),
    )


@measure("D4.2", gettext_noop("没有分析报告的表，不测"))
def products(facts: Facts) -> Evidence:
    """Reports that nothing keeps cannot be counted."""
    return none(facts.period, NO_REPORTS)


@measure(
    "D4.3",
    gettext_noop(
        "内部：统计期内的趋势预警有人处置的份额；决策：有没有领导处置预警、催办或督办。部门采用和效果没有表，不计"
    ),
)
def uses(facts: Facts) -> Evidence:
    """Inside: trend alarms dealt with. Decisions: leaders who acted. What departments made of it is recorded nowhere."""
    return averaged(
        facts.period,
        (
            share(gettext_noop("内部：趋势预警有人处置"), facts.trends),
            used(gettext_noop("决策：领导处置预警、催办、督办"), facts.instructions, facts.orders),
            unseen(gettext_noop("部门采用分析成果：没有表；送出的成果由部门回执以后可测")),
            unseen(gettext_noop("成果的效果：没有表；使用者逐件评价以后可测")),
        ),
    )


@measure(
    "D4.4",
    gettext_noop("领导催办、督办和处置预警折合每年次数（12 次为满）；呈送、部门采用、媒体发布没有表，不足一半，不给值"),
)
def delivery(facts: Facts) -> Evidence:
    """Leaders' acts, full at twelve a year; the other four parts of the indicator leave no rows."""
    target = YEARLY_INSTRUCTIONS * facts.period.days / YEAR
    return averaged(
        facts.period,
        (
            used(gettext_noop("领导催办、督办、处置预警"), facts.instructions, facts.orders, target),
            unseen(NO_REPORTS),
            unseen(NO_REPORTS),
            unseen(gettext_noop("部门采用分析成果：没有表；送出的成果由部门回执以后可测")),
            unseen(gettext_noop("媒体发布：没有表；登记每次发布以后可测")),
        ),
    )


@measure(
    "D5.1",
    gettext_noop(
        "保护：账号开了两步验证；响应：统计期内的敏感事项预警有人处置。两项份额的平均。预案和演练没有表，不计"
    ),
)
def security(facts: Facts) -> Evidence:
    """Protection and response; plans and drills are in no table."""
    lacks = gettext_noop("应急预案与演练：没有安全事件和演练的表；登记预案、演练和每次事件以后可测")
    return averaged(
        facts.period,
        (
            share(gettext_noop("保护：账号开了两步验证"), facts.two_factor),
            share(gettext_noop("响应：敏感事项预警有人处置"), facts.matters),
            unseen(lacks),
        ),
    )


@measure(
    "D5.2",
    gettext_noop(
        "工单：统计期内的联系电话加密存放；对外发布：公开的答复里没有手机号和身份证号。两项份额的平均。场所和移动介质没有表，不计"
    ),
)
def privacy(facts: Facts) -> Evidence:
    """Orders and releases; the workplace and removable media are outside the platform."""
    lacks = gettext_noop("场所和移动介质：平台看不到；登记检查记录以后可测")
    return averaged(
        facts.period,
        (
            share(gettext_noop("工单：联系电话加密存放"), facts.contacts),
            share(gettext_noop("对外发布：答复里没有手机号和身份证号"), facts.published),
            unseen(lacks),
        ),
    )


MEASURES = (methods, products, uses, delivery, security, privacy)
