/** Interfaces that a host implements. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { hostInterfaces } from "../../../codegen/model/host-interface.ts";
import { abiOf } from "../../helpers/codegen.ts";

const test = suite("host interfaces");

test("an interface that guests only export is not asked of the host; one in both directions, or in no world, is", () => {
	const abi = abiOf(`package test:directions@1.0.0;
interface types { record error { message: string } }
interface imported { f: func(); }
interface exported { f: func(); }
interface both { f: func(); }
interface neither { f: func(); }
world w { import imported; export exported; import both; export both; }
`);
	assert.equal(
		hostInterfaces(abi).map((each) => each.name),
		["imported", "both", "neither"],
	);
});

test.run();
