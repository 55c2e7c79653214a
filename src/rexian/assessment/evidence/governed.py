# SPDX-License-Identifier: Apache-2.0
"""The thirteen indicators of data standards, management and sharing (D1 to D3). Pure."""

from rexian.assessment.evidence.base import Evidence, averaged, counted, measure, none, share, unseen, used
from rexian.assessment.evidence.facts import Facts
from rexian.assessment.translation import gettext_noop

NO_OPENING = gettext_noop(
    "公开的答复是信息公开，不是可机读的数据开放；要有开放数据集、每次发布的审核和更新记录的表才能测"
)


@measure("D1.1", gettext_noop("统计期内工单五要素（何人、何时、何地、何事、何因）各自记录了的份额的平均"))
def recording(facts: Facts) -> Evidence:
    """The five elements of an order: how many orders were recorded with each."""
    return averaged(
        facts.period,
        (
            share(gettext_noop("何人：归到诉求人"), facts.who),
            share(gettext_noop("何时：记了时间"), facts.when),
            share(gettext_noop("何地：定到区域"), facts.where),
            share(gettext_noop("何事：选了分类"), facts.what),
            share(gettext_noop("何因：记了原因"), facts.why),
        ),
    )


@measure("D2.1", gettext_noop("最近一次封存以前发出的工单号中，工单仍在库或在档案里的份额；作废的号码不计"))
def storage(facts: Facts) -> Evidence:
    """Numbers given out whose orders are still stored."""
    return counted(facts.now, gettext_noop("发出的号码有工单在库或在档案"), facts.kept)


@measure("D2.2", gettext_noop("安全：统计期内应封存的小时中已封存的；便利：申请的数据导出中写成的。两项平均"))
def safe_and_handy(facts: Facts) -> Evidence:
    """Safe: hours sealed against unseen change. Handy: exports that were written."""
    return averaged(
        facts.period,
        (
            share(gettext_noop("安全：每小时的记录已封存"), facts.sealed),
            share(gettext_noop("便利：申请的导出已写成"), facts.exports_done),
        ),
    )


@measure("D2.3", gettext_noop("事项有现行派单目录、部门写明职责、区域有位置三项份额的平均"))
def master_data(facts: Facts) -> Evidence:
    """How far categories, departments and areas are kept up."""
    return averaged(
        facts.now,
        (
            share(gettext_noop("事项：末级分类有现行派单目录"), facts.catalogued),
            share(gettext_noop("部门：写明职责"), facts.duties),
            share(gettext_noop("区域：有位置或边界"), facts.positioned),
        ),
    )


@measure("D2.4", gettext_noop("数据库全部字段中，在数据集声明里登记了敏感级别的份额"))
def metadata(facts: Facts) -> Evidence:
    """Columns that a declaration names, of all columns in the database."""
    return counted(facts.now, gettext_noop("字段已登记敏感级别"), facts.columns)


@measure(
    "D2.5",
    gettext_noop("校验：统计期内时间和引用不矛盾的工单；清洗：统计期内有没有并单、更正或合并诉求人。监测没有表，不计"),
)
def quality(facts: Facts) -> Evidence:
    """Validation and cleaning; monitoring is recorded nowhere."""
    lacks = gettext_noop("质量监测：没有质量检查结果的表；按规则定期检查并留下结果后可测")
    return averaged(
        facts.period,
        (
            share(gettext_noop("校验：工单的时间和引用不矛盾"), facts.consistent),
            used(gettext_noop("清洗：并单、更正、合并诉求人"), facts.cleaned, facts.orders),
            unseen(lacks),
        ),
    )


@measure(
    "D2.6",
    gettext_noop("在用：未结工单有时限在走；归档：一年以前的工单已归档；销毁：有保存期的记录没有超期。三项份额的平均"),
)
def life_cycle(facts: Facts) -> Evidence:
    """In use, archived, thrown away in time."""
    return averaged(
        facts.now,
        (
            share(gettext_noop("在用：未结工单有时限"), facts.clocked),
            share(gettext_noop("归档：一年以前的工单已归档"), facts.archived),
            share(gettext_noop("销毁：有保存期的记录未超期"), facts.expiring),
        ),
    )


@measure("D2.7", gettext_noop("账号定了部门（数据范围）、改了初始密码两项份额的平均。制度文本和培训没有表，不计"))
def staff_rules(facts: Facts) -> Evidence:
    """What rules for staff come to in the accounts; the rules and trainings themselves are in no table."""
    lacks = gettext_noop("制度文本、保密承诺和培训：没有表；登记制度文件和每人的培训记录后可测")
    return averaged(
        facts.now,
        (
            share(gettext_noop("账号定了部门和数据范围"), facts.placed),
            share(gettext_noop("账号已改初始密码"), facts.own_password),
            unseen(lacks),
        ),
    )


@measure("D3.1", gettext_noop("提供：统计期内承办工单的部门中，导出过自己数据的份额。获得没有表，不计"))
def sharing(facts: Facts) -> Evidence:
    """Out: departments that took their data. In: nothing records it."""
    lacks = gettext_noop("从部门获得数据：没有共享目录和接收记录的表；建立数据交换、逐批登记后可测")
    return averaged(
        facts.period,
        (share(gettext_noop("提供：部门取用自己的工单数据"), facts.taken), unseen(lacks)),
    )


@measure(
    "D3.2",
    gettext_noop(
        "通道：登记的接口系统中统计期内用过的；保障：导出都留下谁、为什么。两项份额的平均。系统兼容没有表，不计"
    ),
)
def means(facts: Facts) -> Evidence:
    """A channel that is used, exports on record; compatibility is an opinion of the departments."""
    lacks = gettext_noop("系统兼容程度：没有对接情况的表；逐部门登记对接方式和失败次数后可测")
    return averaged(
        facts.period,
        (
            share(gettext_noop("通道：登记的接口系统在用"), facts.clients),
            share(gettext_noop("保障：导出留下记录"), facts.exports_recorded),
            unseen(lacks),
        ),
    )


@measure("D3.3", gettext_noop("分类分级：数据库字段登记了敏感级别；按部门授权：承办单位账号定了部门。两项份额的平均"))
def sharing_rules(facts: Facts) -> Evidence:
    """Classes of data, and access by department."""
    return averaged(
        facts.now,
        (
            share(gettext_noop("分类分级：字段已登记敏感级别"), facts.columns),
            share(gettext_noop("按部门授权：承办账号定了部门"), facts.department_accounts),
        ),
    )


@measure("D3.4", gettext_noop("没有开放数据集的表，不测"))
def opening(facts: Facts) -> Evidence:
    """Disclosed replies are not open data (the study's own complaint), so there is nothing to measure."""
    return none(facts.period, NO_OPENING)


@measure("D3.5", gettext_noop("没有开放审核和更新记录的表，不测"))
def opening_rules(facts: Facts) -> Evidence:
    """Rules of opening leave their trace in releases, of which there is no table."""
    return none(facts.period, NO_OPENING)


MEASURES = (
    recording,
    storage,
    safe_and_handy,
    master_data,
    metadata,
    quality,
    life_cycle,
    staff_rules,
    sharing,
    means,
    sharing_rules,
    opening,
    opening_rules,
)
