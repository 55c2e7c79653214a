# SPDX-License-Identifier: Apache-2.0
from rexian.knowledge.models.article import Article
from rexian.knowledge.models.event import ArticleEvent
from rexian.knowledge.models.version import Version
from rexian.knowledge.models.vote import Vote

__all__ = ["Article", "ArticleEvent", "Version", "Vote"]
