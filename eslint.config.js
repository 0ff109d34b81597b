import tseslint from 'typescript-eslint';
import { timeFromClocks } from './scripts/lint/time-from-clocks.js';

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'output/', 'test/fixtures/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A floating promise is the commonest bug of code like this.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A module's base class and a community's hooks are empty on purpose, and may be awaited by their callers.
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/require-await': 'off',
      // Experiment module classes may hold only decorated methods.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' }],
    },
  },
  {
    // The only rooms that may open sockets, write to the terminal or read the environment.
    files: ['src/**/*.ts', 'modules/**/*.ts'],
    ignores: ['src/cli/**'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only src/cli reads the environment.' },
        { object: 'Math', property: 'random', message: 'Use the seeded Random.' },
      ],
    },
  },
  {
    // Nothing goes by the time of the machine unless it says so: what belongs to an experiment would go wrong in another time.
    files: ['src/**/*.ts', 'modules/**/*.ts'],
    plugins: { gumby: { rules: { 'time-from-clocks': timeFromClocks } } },
    rules: { 'gumby/time-from-clocks': 'error' },
  },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['eslint.config.js', 'ava*.config.js'], rules: { 'no-restricted-syntax': 'off' } },
);
