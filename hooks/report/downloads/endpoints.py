"""Files for other programs apart from the results: index, feed, llms.txt and badges."""

from hooks.report.downloads import feed, index, llms
from hooks.report.downloads.badges import badges
from hooks.report.reading.report import Report


def endpoints(report: Report, site_url: str) -> dict[str, bytes]:
    """The files by their paths on the site; equal inputs give equal bytes."""
    address = f"{site_url.rstrip('/')}/" if site_url else ""
    return {
        index.PATH: index.index_json(report),
        feed.PATH: feed.feed(report, address),
        llms.PATH: llms.llms_txt(report, address),
        **badges(report),
    }
