# `cmake --install`: programs, unit, account, settings and documents where a service expects them.

install(TARGETS portcullisd portcullis portcullis-sign RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

# The unit names the programs where this installation's prefix has put them.
install(CODE "
    file(READ ${PROJECT_SOURCE_DIR}/systemd/portcullisd.service unit)
    string(REPLACE /usr/bin/ \${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/ unit \"\${unit}\")
    string(REPLACE /usr/share/doc/portcullis \${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/doc/portcullis unit \"\${unit}\")
    file(WRITE \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/systemd/system/portcullisd.service \"\${unit}\")
")
install(FILES systemd/portcullis.sysusers DESTINATION lib/sysusers.d RENAME portcullis.conf)
install(FILES systemd/70-portcullis-serial.rules DESTINATION lib/udev/rules.d)

# Profiles belong to the version. /etc/portcullis holds a gate's own gate.yaml and policy.yaml, which nothing overwrites.
install(DIRECTORY config/ DESTINATION ${CMAKE_INSTALL_DATADIR}/portcullis)
install(DIRECTORY DESTINATION /etc/portcullis)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/portcullis)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/portcullis)
