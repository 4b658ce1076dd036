import type { Color } from "./canvas.ts";

/** Things that the painter draws, by the words that name them, from the back of a picture to its front. */
const THINGS = {
	stars: "star starry galaxy",
	sun: "sun sunny sunshine sunlight sunrise sunset",
	moon: "moon moonlight moonlit",
	clouds: "cloud cloudy overcast storm stormy",
	sea: "sea ocean boat ship sail sailboat yacht lake water river beach coast bay wave harbour harbor",
	hills: "hill meadow field valley grass countryside pasture farm mountain",
	boat: "boat ship sail sailboat yacht",
	trees: "tree forest wood oak pine park",
	house: "house cottage hut barn cabin home",
	birds: "bird gull seagull swallow crow",
	kite: "kite",
	rain: "rain rainy raining shower storm",
	snow: "snow snowy snowfall winter",
} as const;

export type Thing = keyof typeof THINGS;

/** Light of a picture, by the words that name it. The first that a prompt names counts. The default is `day`. */
const LIGHTS = {
	night: "night midnight dark moon moonlight moonlit star starry",
	sunset: "sunset sunrise dawn dusk evening",
	grey: "rain rainy raining storm stormy grey gray overcast fog foggy mist misty snow snowy snowfall winter",
	day: "day daylight noon morning",
} as const;

export type Light = keyof typeof LIGHTS;

const COLORS: ReadonlyMap<string, Color> = new Map([
	["red", [214, 48, 49]],
	["orange", [240, 132, 42]],
	["yellow", [250, 208, 60]],
	["golden", [232, 184, 72]],
	["green", [76, 154, 72]],
	["blue", [52, 108, 196]],
	["purple", [134, 76, 168]],
	["pink", [240, 130, 170]],
	["white", [246, 246, 242]],
	["black", [40, 40, 46]],
	["brown", [124, 82, 52]],
	["grey", [140, 144, 150]],
	["gray", [140, 144, 150]],
]);

/** Content of a picture. */
export interface Scene {
	readonly light: Light;
	/** Named things, each with the colour that the prompt gives it. `undefined`: the usual colour. */
	readonly things: ReadonlyMap<Thing, Color | undefined>;
	/** Words of the prompt that were understood. */
	readonly words: readonly string[];
}

/** Returns the scene that a prompt describes. A colour belongs to the next thing within two words. */
export function sceneOf(prompt: string): Scene {
	const understood = new Set<string>();
	const things = new Map<Thing, Color | undefined>();
	const lights = new Set<Light>();
	let color: { readonly value: Color; readonly at: number } | undefined;
	for (const [at, word] of prompt
		.toLowerCase()
		.split(/[^a-z]+/)
		.map(singular)
		.entries()) {
		const value = COLORS.get(word);
		if (value !== undefined) color = { value, at };
		const named = namesOf(THINGS, word);
		for (const thing of named) things.set(thing, color !== undefined && at - color.at <= 2 ? color.value : things.get(thing));
		if (named.length > 0) color = undefined;
		const lit = namesOf(LIGHTS, word);
		for (const light of lit) lights.add(light);
		if (value !== undefined || named.length > 0 || lit.length > 0) understood.add(word);
	}
	const light = namesIn(LIGHTS).find((name) => lights.has(name)) ?? "day";
	return { light, things, words: [...understood] };
}

/** Returns the names of all things that a word stands for. */
function namesOf<N extends string>(table: Readonly<Record<N, string>>, word: string): N[] {
	return namesIn(table).filter((name) => table[name].split(" ").includes(word));
}

function namesIn<N extends string>(table: Readonly<Record<N, string>>): N[] {
	const isName = (name: string): name is N => Object.hasOwn(table, name);
	return Object.keys(table).filter(isName);
}

function singular(word: string): string {
	return word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}
