/** A guest that runs one of five workloads, and how often each is run. Each takes some tens of milliseconds. */
export const WORKLOADS = ["sieve", "objects", "regexp", "json", "strings"] as const;

export type Workload = (typeof WORKLOADS)[number];

/** Source of the guest. The input is the name of a workload; the output is a number that depends on all of its work. */
export const GUEST = `
const workloads = {
	sieve() {
		const size = 200_000;
		const composite = new Uint8Array(size);
		let primes = 0;
		for (let i = 2; i < size; i++) {
			if (composite[i]) continue;
			primes++;
			for (let j = 2 * i; j < size; j += i) composite[j] = 1;
		}
		return primes;
	},
	objects() {
		let list = [];
		for (let i = 0; i < 40_000; i++) list.push({ id: i, name: "n" + (i % 97), tags: [i, i + 1] });
		list = list.filter((item) => item.id % 3 !== 0).map((item) => ({ ...item, sum: item.tags[0] + item.tags[1] }));
		list.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : b.id - a.id));
		return list.reduce((sum, item, index) => (sum + item.sum * (index % 7)) % 1_000_003, 0);
	},
	regexp() {
		const text = "2026-11-29 alice@example.org paid 17.50 EUR for item #A-1234; ".repeat(4000);
		const count = (pattern) => [...text.matchAll(pattern)].length;
		return count(/[\\w.]+@[\\w.]+\\.\\w+/g) + count(/(\\d{4})-(\\d\\d)-(\\d\\d)/g) + count(/#[A-Z]-\\d+/g) + text.replace(/\\s+/g, "_").length;
	},
	json() {
		const value = Array.from({ length: 3000 }, (_, i) => ({ id: i, title: "title " + i, nested: { flag: i % 2 === 0, values: [i, i / 3, null] } }));
		let length = 0;
		for (let round = 0; round < 3; round++) length += JSON.stringify(JSON.parse(JSON.stringify(value))).length;
		return length;
	},
	strings() {
		let text = "";
		for (let i = 0; i < 60_000; i++) text += String.fromCharCode(97 + (i % 26)) + i.toString(36);
		return text.split("a").map((part) => part.toUpperCase().trim()).join("-").length;
	},
};

export function run(input) {
	return String(workloads[input]());
}
`;
