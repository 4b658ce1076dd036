import { test } from "uvu";
import * as assert from "uvu/assert";
import { CandidateSetCache } from "../../../src/router/load-balancing/candidate-set-cache.ts";

/** A cache of sets with a size, and the keys whose sets were created. */
function cacheOf() {
	const created: string[] = [];
	const cache = new CandidateSetCache<{ readonly size: number }>();
	const get = (key: string, size = 1) =>
		cache.get(key, () => {
			created.push(key);
			return { size };
		});
	return { created, get };
}

test("a cache returns the same set for the same key", () => {
	const { created, get } = cacheOf();
	const [a, b] = [get("a"), get("b")];
	assert.is(get("a"), a);
	assert.is(get("b"), b);
	assert.equal(created, ["a", "b"]);
});

test("a cache returns different sets when long keys differ only at their ends", () => {
	const { get } = cacheOf();
	const long = "x".repeat(600);
	assert.is(get(`${long}1`), get(`${long}1`));
	assert.is.not(get(`${long}1`), get(`${long}2`));
});

test("a cache deletes the set that was used longest ago when it has more than 1,024", () => {
	const { created, get } = cacheOf();
	for (let i = 0; i < 1_024; i++) get(`k${i}`);
	get("k0");
	get("one more");
	created.length = 0;
	get("k0");
	get("k1");
	assert.equal(created, ["k1"]);
});

test("a cache deletes sets when they have more than 1,000,000 members together", () => {
	const { created, get } = cacheOf();
	for (const key of ["a", "b", "c"]) get(key, 400_000);
	created.length = 0;
	get("c", 400_000);
	get("b", 400_000);
	get("a", 400_000);
	assert.equal(created, ["a"]);
});

test("a cache counts the members of deleted sets no longer", () => {
	const { created, get } = cacheOf();
	for (const key of ["a", "b", "c", "d"]) get(key, 400_000);
	created.length = 0;
	get("d", 400_000);
	get("c", 400_000);
	assert.equal(created, []);
});

test("a cache keeps a set that is larger than its limit alone", () => {
	const { created, get } = cacheOf();
	get("huge", 2_000_000);
	get("huge", 2_000_000);
	assert.equal(created, ["huge"]);
});

test.run();
