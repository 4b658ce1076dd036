import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ModelPackage } from "../../../src/model-store/model.ts";
import { clientFailure } from "../../../src/model-store/pull/client-failure.ts";

const ITEM: ModelPackage = { registry: "npm", name: "made-up", version: "1.0.0", bytes: 1, integrity: "" };

/** Returns the reason that the message has for some output of a client. */
function reasonOf(output: string): string {
	const { message } = clientFailure("npm", ITEM, output);
	const [start, end] = ["npm cannot download made-up@1.0.0: ", "; pull again to go on, or name the file with --from"];
	assert.ok(message.startsWith(start) && message.endsWith(end), message);
	return message.slice(start.length, -end.length);
}

const cases: [output: string, reason: string][] = [
	["npm error code E404\nnpm error 404 Not Found - GET", "the registry does not have it"],
	["npm error code E401\nnpm error Unable to authenticate", "the registry refuses the credentials of this machine"],
	["npm error code EINTEGRITY", "the registry sent another content, or a part of it"],
	["npm error code ENOSPC", "no space is left on the disk"],
	["npm error code SELF_SIGNED_CERT_IN_CHAIN", "the registry's certificate is not trusted"],
	["npm error code ENOTFOUND\nnpm error network", "the registry's name is not found: there may be no network"],
	["npm error code ECONNRESET", "the connection was cut"],
	["ERROR: No matching distribution found for made-up==1.0.0", "the registry does not have it"],
	[
		"WARNING: Retrying after connection broken by 'ProxyError('Cannot connect to proxy.')'\nERROR: No matching distribution found for x",
		"no connection to the registry, or to its proxy",
	],
	[
		"WARNING: Retrying after connection broken by 'NewConnectionError(Temporary failure in name resolution)'\nERROR: No matching distribution found",
		"the registry's name is not found: there may be no network",
	],
];
for (const [output, reason] of cases)
	test(`the reason is that ${reason} for: ${output.replaceAll("\n", " ").slice(0, 60)}`, () => assert.is(reasonOf(output), reason));

test("another failure is told by the last line, without URLs, which may hold a password", () => {
	const output =
		"npm error code EODD\nnpm error odd answer of https://user:secret@registry.invalid/x\nnpm error A complete log of this run can be found in: /x";
	assert.is(reasonOf(output), "odd answer of (URL)");
	assert.is(reasonOf(""), "it says no reason");
});

test.run();
