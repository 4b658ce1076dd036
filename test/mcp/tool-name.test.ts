import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { offeredName } from "../../src/mcp/tool-name.ts";

test("a tool is offered under server and name in base64url", () => {
	assert.is(offeredName("fs", "read_file"), "mcp__ZnM__cmVhZF9maWxl");
});

test("a name that would be too long is a digest, which differs by server and by tool", () => {
	const long = "read_the_whole_of_a_large_file_from_the_disk";
	const names = [offeredName("fs", long), offeredName("fs2", long), offeredName("fs", `${long}s`)];
	for (const name of names) assert.match(name, /^mcp__[A-Za-z0-9_-]{43}$/);
	assert.is(new Set(names).size, 3);
});

test("every name is one that upstreams accept", () => {
	fc.assert(
		fc.property(fc.string({ maxLength: 40 }), fc.string({ unit: "binary", maxLength: 128 }), (server, tool) => {
			assert.match(offeredName(server, tool), /^[A-Za-z0-9_-]{1,64}$/);
		}),
	);
});

test.run();
