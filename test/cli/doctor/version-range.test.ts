import { test } from "uvu";
import * as assert from "uvu/assert";
import { isInRange } from "../../../src/cli/doctor/version-range.ts";

const accepted = (range: string, ...versions: string[]): string[] => versions.filter((version) => isInRange(version, range));

test("versions are compared by number", () => {
	assert.equal(accepted("0.14.0", "0.14.0", "0.14.1", "0.140.0", "1.0.0"), ["0.14.0"]);
	assert.equal(accepted(">=0.25.0", "0.25.0", "0.100.0", "1.0.0", "0.24.9"), ["0.25.0", "0.100.0", "1.0.0"]);
	assert.equal(accepted("^3.21.1", "3.21.1", "3.22.0", "3.21.0", "4.0.0"), ["3.21.1", "3.22.0"]);
	assert.equal(accepted("^0.4.5", "0.4.5", "0.4.10", "0.5.0", "1.4.5"), ["0.4.5", "0.4.10"]);
	assert.equal(accepted("^0.0.3", "0.0.3", "0.0.4"), ["0.0.3"]);
});

test("ranges and versions of other forms are accepted", () => {
	assert.equal(accepted("", "1.0.0"), ["1.0.0"]);
	assert.equal(accepted("1.x || 2.x", "3.0.0"), ["3.0.0"]);
	assert.equal(accepted("^1.0.0", "next"), ["next"]);
});

test.run();
