import { test } from "uvu";
import * as assert from "uvu/assert";
import { WASI_INTERFACES } from "../../../../generated/abi/component/lowering/wasi/index.ts";
import { OfferedInterfaces } from "../../../../src/abi/component/link/offered-interfaces.ts";

const offered = new OfferedInterfaces(WASI_INTERFACES);
const VERSION = WASI_INTERFACES[0]?.version ?? "";

/** Returns the refusal of a component with imports without types, or nothing. */
function refusal(...names: string[]): string | undefined {
	try {
		offered.checkVersions(
			"x.wasm",
			names.map((name) => ({ name, functions: { block: undefined }, resources: [] })),
		);
		return undefined;
	} catch (error) {
		return Object(error).message;
	}
}

test("each older patch of WASI is accepted, in one component too", () => {
	assert.is(refusal("wasi:io/poll@0.2.0", "wasi:io/poll@0.2.3", `wasi:io/streams@${VERSION}`), undefined);
});

test("a later WASI is refused for the package that has it", () => {
	assert.is(
		refusal("wasi:cli/exit@0.2.0", "wasi:clocks/monotonic-clock@0.3.0"),
		`x.wasm was built for a newer ABI than this host's: the guest needs \`wasi:clocks/monotonic-clock@0.3.0\`, function \`block\`; this host offers \`wasi:clocks@${VERSION}\`; use a host that offers 0.3.0, or build the guest with the WIT of ${VERSION}`,
	);
});

test("versions of packages that the host does not have are not compared", () => {
	assert.is(refusal("my:own/calls@7.0.0", "wasi:http/types@0.3.0"), undefined);
});

test("an import without a version, and one of which only types are used, is not compared", () => {
	assert.is(refusal("wasi:io/poll"), undefined);
	offered.checkVersions("x.wasm", [{ name: "wasi:io/poll@9.0.0", functions: {}, resources: [] }]);
});

test.run();
