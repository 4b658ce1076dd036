import type { PageFiles } from "./build-page.ts";

/** State of the server that the page needs before its first request. */
export interface PageState {
	/** True if the server has an admin API. */
	readonly hasAdmin: boolean;
	/** True if backends and traffic are simulated. */
	readonly isDemo: boolean;
}

/** Headers of the page. Nothing but the server's own script and style may load, and nothing may connect to another origin. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
	"content-type": "text/html; charset=utf-8",
	"cache-control": "no-cache",
	"content-security-policy": [
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"connect-src 'self'",
		"img-src 'self' data:",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	].join("; "),
	"cross-origin-opener-policy": "same-origin",
	"x-frame-options": "DENY",
};

const ICON =
	"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M2 14 10 6M9 2l5-0v5L10 6z' fill='%234b86b9' stroke='%234b86b9' stroke-width='2'/%3E%3C/svg%3E";

/** Returns the page as HTML. The text depends on nothing that a request or an upstream has sent. */
export function pageHtml({ script, style }: PageFiles, { hasAdmin, isDemo }: PageState): string {
	return `<!doctype html>
<html lang="en" data-admin="${hasAdmin ? "on" : "off"}"${isDemo ? " data-demo" : ""}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Spear${isDemo ? " (demo)" : ""}</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="assets/${style.name}">
<script type="module" src="assets/${script.name}"></script>
</head>
<body>
<div id="page"></div>
<noscript>This page needs JavaScript. Without it, the admin API answers at admin/v1/.</noscript>
</body>
</html>
`;
}
