{
  'targets': [
    {
      'target_name': 'netloom',
      'sources': [
        '<!@(node -p "const { core, addon } = require(\'./native/sources.json\'); [...core, ...addon].map((file) => \'native/\' + file).join(\' \')")'
      ],
      'include_dirs': ['native'],
      'defines': [
        'NAPI_VERSION=8',
        'NAPI_DISABLE_CPP_EXCEPTIONS',
        'NODE_ADDON_API_DISABLE_DEPRECATED',
        'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
        '_GNU_SOURCE'
      ],
      'cflags_cc!': ['-std=gnu++17', '-std=gnu++20', '-std=gnu++14'],
      'cflags_cc': [
        '-std=c++20',
        '-fno-exceptions',
        '-fvisibility=hidden',
        '-fvisibility-inlines-hidden',
        '-Wall',
        '-Wextra',
        '-Werror',
        '-Wconversion',
        '-Wsign-conversion',
        '-Wshadow',
        '-Wnon-virtual-dtor',
        '-Wold-style-cast',
        # Not ours to fix.
        '-isystem',
        '<!(node -p "path.resolve(require(\'node-addon-api\').include_dir)")'
      ],
      'ldflags': [
        '-Wl,--version-script=<(module_root_dir)/native/exports.map',
        '-Wl,-z,nodelete',
        '-Wl,-z,relro,-z,now',
        '-static-libstdc++',
        '-static-libgcc'
      ]
    }
  ]
}
