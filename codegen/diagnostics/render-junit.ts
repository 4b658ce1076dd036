/** Diagnostics as a JUnit report: one test case a finding, errors as failures. Continuous integration of all makes reads it. */
import type { Diagnostic } from "./diagnostic.ts";

/** A run without findings is one test case that passes, because some tools take a report without test cases for a failure. */
export function renderJunit(diagnostics: readonly Diagnostic[]): string {
	const failures = diagnostics.filter((each) => each.severity === "error").length;
	const cases = diagnostics.length === 0 ? ['\t\t<testcase classname="spear-codegen" name="no faults found"/>'] : diagnostics.map(testCase);
	const counts = `tests="${cases.length}" failures="${failures}"`;
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		`<testsuites name="spear-codegen" ${counts}>`,
		`\t<testsuite name="spear-codegen" ${counts}>`,
		...cases,
		"\t</testsuite>",
		"</testsuites>",
		"",
	].join("\n");
}

function testCase({ severity, code, span, message, help, related }: Diagnostic): string {
	const place = `${span.file}:${span.line}:${span.column}`;
	const places = (related ?? []).map((each) => `${each.span.file}:${each.span.line}:${each.span.column}: ${each.message}`);
	const text = escapeXml([`${place}: ${message}`, ...places, ...(help === undefined ? [] : [`help: ${help}`])].join("\n"));
	const content =
		severity === "error"
			? `<failure type="${code}" message="${escapeXml(message)}">${text}</failure>`
			: `<system-out>${escapeXml(`warning[${code}] `)}${text}</system-out>`;
	return `\t\t<testcase classname="${escapeXml(span.file)}" name="${escapeXml(`${code} ${place}`)}">${content}</testcase>`;
}

/** Characters that XML cannot hold, even escaped, become U+FFFD. */
function escapeXml(text: string): string {
	return text
		.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replaceAll('"', "&quot;")
		.replaceAll("\n", "&#10;");
}
