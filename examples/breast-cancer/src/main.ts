// Placeholder of the example: says which arguments reached it.

console.log('breast-cancer', process.argv.slice(2).join(' '));
