import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

export default defineConfig(
  globalIgnores([
    '**/node_modules',
    '**/build-*',
    'build',
    'benchmarks/contenders/*/build',
    'dist',
    'prebuilds',
    'docs/api'
  ]),
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname }
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowNullish: true }
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true }
      ],
      // Codecs are plain objects of functions that know no `this`.
      '@typescript-eslint/unbound-method': 'off'
    }
  },
  {
    // These talk to people through the terminal.
    files: ['scripts/**', 'examples/**', 'demo/**', 'benchmarks/**', 'test/**', 'src/cli/**'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off'
    }
  },
  {
    // describe() and it() take callbacks that need not await, and probes of `await using` bind unused names.
    files: ['test/**'],
    rules: {
      '@typescript-eslint/require-await': 'off'
    }
  },
  {
    // The compiler checks these too, and reads the types in their comments, which ESLint does not.
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'no-undef': 'off' }
  }
)
