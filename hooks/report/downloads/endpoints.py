"""Everything that other programs read, beside the numbers themselves."""

from hooks.report.downloads import feed, index, llms
from hooks.report.downloads.badges import badges
from hooks.report.reading.report import Report


def endpoints(report: Report, site_url: str) -> dict[str, bytes]:
    """Each by its path on the site; the same bytes for the same pages, data and address."""
    address = f"{site_url.rstrip('/')}/" if site_url else ""
    return {
        index.PATH: index.index_json(report),
        feed.PATH: feed.feed(report, address),
        llms.PATH: llms.llms_txt(report, address),
        **badges(report),
    }
