INSERT INTO agent_group (group_id, name) VALUES ('5623014419730897694','Web servers');
INSERT INTO agent_group (group_id, name) VALUES ('8514404837576897126','');
INSERT INTO agent (agent_id, name, alias, os, address, group_id, first_seen, last_seen) VALUES ('1120521692555609594','docker01','','','','8514404837576897126','2026-11-20 18:40:07','2026-11-20 18:40:07');
INSERT INTO agent (agent_id, name, alias, os, address, group_id, first_seen, last_seen) VALUES ('6686721299296188584','web01','web01.example.net','Debian GNU/Linux 12','192.0.2.10','5623014419730897694','2026-11-10 10:00:05','2026-11-20 21:10:49');
INSERT INTO agent (agent_id, name, alias, os, address, group_id, first_seen, last_seen) VALUES ('7013162019941320425','web02','','','','8514404837576897126','2026-11-20 20:00:09','2026-11-20 20:00:09');
INSERT INTO policy (policy_id, id, version, title, content_hash, n_checks, created) VALUES ('169422765311426223','house_debian','5f0c2b7d9ae1','House baseline for Debian servers',0x754CB1EABD43B7AE047B5E7FEA45A4DFA9E9CBD87FB42BA92E37735BD0256E2F,'12','2026-11-30 18:26:11');
INSERT INTO policy (policy_id, id, version, title, content_hash, n_checks, created) VALUES ('2002812843658885724','xccdf_net.example_benchmark_pw','1','Password rules',0x0742CECE996614E51C54866174CDF249FDC57B3779773C8993EA4D028E35D096,'2','2026-11-30 18:25:39');
INSERT INTO policy (policy_id, id, version, title, content_hash, n_checks, created) VALUES ('4385166897384561382','lynis','3.0.8','Lynis',0xFF3C6C97E194D9EC826E8EC2109B351F8E549652450CDE3A52A75F96020BF13E,'36','2026-11-30 18:25:39');
INSERT INTO policy (policy_id, id, version, title, content_hash, n_checks, created) VALUES ('4535678730866750184','docker-bench-security','1.6.0','Docker Bench for Security',0xD31F65CF1A52FE9BA86A00D0A1EA1C8F559864840BB4050C2E8B6C5068530AB9,'5','2026-11-30 18:25:39');
INSERT INTO policy (policy_id, id, version, title, content_hash, n_checks, created) VALUES ('8760345715092307234','pandora_hardening','','Pandora FMS hardening',0x83DB087153AA61DFAE106904CAA5A9DEBA9F09DF3054D5E2F82751948B5726F8,'0','2026-11-30 18:25:39');
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('169422765311426223','0',0x3DF543D79EEAB24C18931062E0FDC7E5,0x0D6E28C9C2B7FE66B5CBD505924CDDAF);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('169422765311426223','1',0x7E3F23839355BFA62EA9EBFCE3DBC2B1,0x15BC173010EBE093CCFC078F2C83CAA8);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('169422765311426223','2',0x10F446561D7FE1A7CADE797B34CED21D,0x6A2670AFBBA08009CF0C96BC634D095E);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('169422765311426223','3',0x52BD4EF8ADAE0DA0D6A7D0D766DD5FAA,0x59F081C56F4B5185A55529CD4CF25771);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('169422765311426223','4',0x5E99B27B2FDF782359C99AB070469098,0x8D8FE0E0FFE3BF7D95AFF3F12B444D42);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('169422765311426223','5',0xB6F535B24402E79E9F4ADA35A7FE8BDF,0x7AB21B8A90F3A90E3A9C74EB85ECA134);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('169422765311426223','6',0x43D1C17D2AB607CAF49AC0182802F572,0x347A1CECDA98A383C95A50CBF977C421);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('169422765311426223','7',0xD19AE371063C9F7DC1B0F23E3B808909,0x2B588514BF804A374F3844B32AA02AA2);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('169422765311426223','8',0xB0476E524E9D56C4380B233632C750D0,0x06F236CC2315C461D16C8E38DD06B0CF);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('169422765311426223','9',0xC6AC862B68B6E8EF3076D27856875D83,0xDA2D5CCBD484E5BBA5C6A8B66A2537C9);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('169422765311426223','10',0xDD5731F18754A7449940A07D14D2699B,0x508D482841EB26AD1068E54C67C0CCFF);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('169422765311426223','11',0xE9AC87EF69DFA18F1BA6D48BE3124159,0x7770CF659246966484E266B0DAEBC39B);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('2002812843658885724','0',0x50D373F544C49E37D8D1B8E71D9DF2F4,0xC57A393CCC672B20DCF82F14C218B691);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('2002812843658885724','1',0x7009625826E2A294692BEBB03A3163A5,0x040986DA71D95CFAE7EA6F975E88822E);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','0',0x6E39DB7843A41891F21209CF1B90FAD8,0x1591B0DDC637C33C7A87969C5685C36C);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','1',0x7D92769C5E2C073AD67849049C4DF2A8,0x838C50E1C94A43BA6D27127537A28530);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','2',0xD8929B317B91C49FADA58ECC6460E8AF,0x1F73A237D4B33953D66CBCB5C05942AA);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','3',0xDB49571ADAFAFC04ED4DB4DA02B45DDC,0xAA194B5EDEE8F9E7215F75179EF12638);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','4',0x6661E53CE76BA2F979FD2884BC64ED44,0x57E7BEE9F18B6D91C42202A523041404);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','5',0x09109C865B781E52E84B7D2D0F456D5D,0x71AFEF312B23EA238A4F6ACB37AA0017);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','6',0xE27EF0D828BC012D82C8D3E23F74BD99,0x875603E46272CEDAA34C7D76B5F76368);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','7',0xC6F2F05E5BAC197DB2585EA6C7F31408,0xFC05B088C8A49B529F8C9D633323F0DB);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','8',0x9E0BA2C9F4783D7EC67CA70667DB08B6,0x261128E0DA7BD632615557817B2100E4);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','9',0xB35571F96C4241B0EC86CA825C988405,0xFEAED9E463B56BF4EA7C9F039C3B5DA7);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','10',0x7EED99FCAD9CE9714DFCA64F754E043B,0xB1B3FBEC8D30FBEFD2EDB34CA702AE6D);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','11',0x5122E0DBE4716FE04B8723585F5B2605,0x32334218CA232E7DDD43B60E208EA57B);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','12',0x47B49B8B893D8D19A842C8F09DAEAADE,0x041D37E9010B4EF240362704A9C121A6);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','13',0xB9BFA1F19FF11591863C5DE8C547FAB0,0x54C5D07DC17A3252EE7C254BE589A92F);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','14',0x04B8E462B0ED412F58C44BA8B1147DF1,0xAE1CF5DF8004ECB8EE2B38905F4B484C);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','15',0xDD1E8D54562DDF1F46BF4C2DB9B56235,0xBED46C56137914F705478BADF422DF5B);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','16',0x9519E8EAFABC65BAD98FA9EEF9B0041B,0xA2181BAFBA73DE48F21B4326B2060479);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','17',0x4083BB7CFF9185580570CA0A9CEC83CB,0xA2898D4FEC21F4C2E3F40735E49959D4);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','18',0x99D2FDC477ADC6C5D4AF92EF12EB59AF,0xC5DFFDD1DF0BDC1C517FC49EFFE8D0CA);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','19',0xE2F7970F0A9CA8EF30E104610E8B5E98,0x890813845ABCFEBEC0A8AF5C1A0345B8);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','20',0x5C100A707F5E9948C53BCF7067E988B3,0x1CA40457E3091C130F9B44354ED80C7A);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','21',0x0370222878CCCC734A5FD8F57BE0667C,0x66C9F6C34903AA98A18CA4159806BD9F);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','22',0x0DAD8A2FA28ED3816A0930FC386F4510,0xEEF94198CEF865203D532AC9CAAE8A78);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','23',0x6915EBCFF8B1D4582788DC6D34DAD465,0x89B50411C34FA844EE23B62E16CD65DB);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','24',0xC5483B4292EFA5E7F11ECF7CAA4711F1,0xE928C47DD0FB8A707D637E049CF1502A);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','25',0xFE0659BF07AD365F7C67DF0B95C57896,0x52A0C4802BE49BA70B548D69E889E99F);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','26',0xB6CA90650389E54179B3291FD76FB848,0x9F5D42ED9EA848288C3F8A92ABA3EB4D);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','27',0xFEF4EA0CBBF27752726A7EAD53F20974,0x472347AE4457FAD95EDEE678CE9A1707);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','28',0x2A8869C6B6F503A18EB31BEE73E84EFD,0x9A3D82FE3796339DD0DE6C3B606247B3);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','29',0xD56BF0F9A09D44D45DF5736CA3B6B9B0,0xDCECE4C80F088E243EE692CB2803105D);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','30',0xFF7184DCBE42D8B5A90B36435EB03C71,0x5548CB6221E8BBD1538202A8D08FFAAD);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','31',0xE413DE44E710617E8E215A4925F9369E,0x72AA77BA85E492E7A9011D5D2088833B);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','32',0x9E956E272603CE532E2F3733908F2154,0x684B0160E69C1614D175F344C31A4277);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','33',0x53008E9C6DB39C2886157B5911D3C11A,0xDF92AEA5055E20B7A24E76897C4BDF79);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','34',0x3E4DB0181C873656C397A34C72D79826,0xB1AF1B44FD6929DD3F4F3BFB4F42DE0B);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4385166897384561382','35',0x2C14EF2B795F23D2FF5B3A43B13D0AD3,0x56C571485CCDD20A424C8BB41F718677);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4535678730866750184','0',0xC5752C93158AA0BC87F4665057B3D30A,0x33EC4DD711C37CB88501770CCA5C71C1);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4535678730866750184','1',0x83D0C4F9DDC089AB58E322E298B6190F,0x0210FC41BA030B1D0C5CCD6C0470B3C9);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4535678730866750184','2',0x41587EA1713D3BF12DA3B6FC68818DB4,0xAAD49C2B9DF89672D93B3846143307D0);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4535678730866750184','3',0x6C6A464ECA230198D20CA69AD8873F92,0x384EEF94F64080F7676B74E09B65F748);
INSERT INTO policy_check (policy_id, pos, check_hash, text_hash) VALUES ('4535678730866750184','4',0xD64B9AECA5FF892D8BEE19B7BA43DAFD,0x5628A2F88F4831709DAC3BF9E988AAF4);
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x0210FC41BA030B1D0C5CCD6C0470B3C9,'1.1.2','1.1.2','Ensure only trusted users are allowed to control Docker daemon (Automated)','','0','','','','','','');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x040986DA71D95CFAE7EA6F975E88822E,'xccdf_net.example_rule_own','xccdf_net.example_rule_own','Ensure auditing is on','Data Protection','3','','','','','','');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x041D37E9010B4EF240362704A9C121A6,'BOOT-5139','BOOT-5139','The boot loader LILO has a password','','0','','','','','','https://cisofy.com/lynis/controls/BOOT-5139/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x06F236CC2315C461D16C8E38DD06B0CF,'41009','41009','Updates are installed automatically','Continuous Vulnerability Management','0','Security updates come in without a person.','Most weaknesses that are used were mended long before.','Install and configure unattended-upgrades.','','','https://baseline.example.net/checks/41009
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x0D6E28C9C2B7FE66B5CBD505924CDDAF,'41001','41001','The root file system is mounted without device files','Secure Configuration of Enterprise Assets and Software','0','Device files belong below /dev only.','A device file elsewhere lets a user reach hardware past its permissions.','Add nodev to the options in /etc/fstab and mount again.','','','https://baseline.example.net/checks/41001
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x1591B0DDC637C33C7A87969C5685C36C,'ACCT-9622','ACCT-9622','Process accounting is active','','0','','','','','','https://cisofy.com/lynis/controls/ACCT-9622/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x15BC173010EBE093CCFC078F2C83CAA8,'41002','41002','Packet forwarding is off','Secure Configuration of Enterprise Assets and Software','0','The kernel passes no packets from one interface to another.','A server that is no router must not become a way around the firewall.','Set net.ipv4.ip_forward to 0 in /etc/sysctl.d and load it.','','','https://baseline.example.net/checks/41002
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x1CA40457E3091C130F9B44354ED80C7A,'HTTP-6622','HTTP-6622','The Apache web server is found','','0','','','','','','https://cisofy.com/lynis/controls/HTTP-6622/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x1F73A237D4B33953D66CBCB5C05942AA,'AUTH-9204','AUTH-9204','Only root has user id 0','','0','','','','','','https://cisofy.com/lynis/controls/AUTH-9204/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x261128E0DA7BD632615557817B2100E4,'BANN-7126','BANN-7126','The local login banner carries a legal text','','0','','','','','','https://cisofy.com/lynis/controls/BANN-7126/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x2B588514BF804A374F3844B32AA02AA2,'41008','41008','The web server tells no version','Application Software Security','0','The server header holds no version number.','A version number tells which weakness to try.','Set server_tokens off.','','','https://baseline.example.net/checks/41008
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x32334218CA232E7DDD43B60E208EA57B,'BOOT-5122','BOOT-5122','The boot loader GRUB has a password','','0','','','','','','https://cisofy.com/lynis/controls/BOOT-5122/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x33EC4DD711C37CB88501770CCA5C71C1,'1.1.1','1.1.1','Ensure a separate partition for containers has been created (Automated)','','0','','','','','','');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x347A1CECDA98A383C95A50CBF977C421,'41007','41007','A firewall refuses what is not allowed','Secure Configuration of Enterprise Assets and Software','0','The last rule of the input chain drops.','Services that nobody meant to offer stay unreachable.','Set the policy of the input chain to drop.','','','https://baseline.example.net/checks/41007
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x384EEF94F64080F7676B74E09B65F748,'5.2','5.2','Ensure that, if applicable, an AppArmor Profile is enabled (Automated)','','0','','','','','','');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x472347AE4457FAD95EDEE678CE9A1707,'NETW-3014','NETW-3014','No interface is promiscuous','','0','','','','','','https://cisofy.com/lynis/controls/NETW-3014/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x508D482841EB26AD1068E54C67C0CCFF,'41011','41011','No scanner for malware is missing','Malware Defenses','0','A scanner runs daily.','Files that come in by mail or upload are looked at.','Install a scanner and schedule it.','','','https://baseline.example.net/checks/41011
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x52A0C4802BE49BA70B548D69E889E99F,'LOGG-2154','LOGG-2154','Logs are sent to another host','','0','','','','','','https://cisofy.com/lynis/controls/LOGG-2154/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x54C5D07DC17A3252EE7C254BE589A92F,'BOOT-5264','BOOT-5264','System services are confined','','0','','','','','','https://cisofy.com/lynis/controls/BOOT-5264/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x5548CB6221E8BBD1538202A8D08FFAAD,'PKGS-7420','PKGS-7420','Updates are installed automatically','','0','','','','','','https://cisofy.com/lynis/controls/PKGS-7420/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x5628A2F88F4831709DAC3BF9E988AAF4,'5.7','5.7','Ensure sshd is not run within containers','','0','','','','','','');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x56C571485CCDD20A424C8BB41F718677,'TIME-3104','TIME-3104','The clock is synchronised','','0','','','','','','https://cisofy.com/lynis/controls/TIME-3104/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x57E7BEE9F18B6D91C42202A523041404,'AUTH-9230','AUTH-9230','Password hashing uses enough rounds','','0','','','','','','https://cisofy.com/lynis/controls/AUTH-9230/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x59F081C56F4B5185A55529CD4CF25771,'41004','41004','Passwords expire within a year','Account Management','0','PASS_MAX_DAYS is 365 or less.','A password that was taken unnoticed is of use for a limited time.','Set PASS_MAX_DAYS 365 in /etc/login.defs.','','','https://baseline.example.net/checks/41004
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x66C9F6C34903AA98A18CA4159806BD9F,'KRNL-5677','KRNL-5677','The processor supports memory protection','','0','','','','','','https://cisofy.com/lynis/controls/KRNL-5677/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x684B0160E69C1614D175F344C31A4277,'SNMP-3302','SNMP-3302','The SNMP daemon runs','','0','','','','','','https://cisofy.com/lynis/controls/SNMP-3302/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x6A2670AFBBA08009CF0C96BC634D095E,'41003','41003','Login as root over SSH is refused','Account Management','0','PermitRootLogin is set to no.','Administrators log in as themselves, so that their acts can be told apart.','Set PermitRootLogin no in /etc/ssh/sshd_config and restart the daemon.','','','https://baseline.example.net/checks/41003
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x71AFEF312B23EA238A4F6ACB37AA0017,'AUTH-9262','AUTH-9262','Password strength is tested when it is set','','0','','','','','','https://cisofy.com/lynis/controls/AUTH-9262/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x72AA77BA85E492E7A9011D5D2088833B,'PRNT-2307','PRNT-2307','The print server configuration has safe permissions','','0','','','','','','https://cisofy.com/lynis/controls/PRNT-2307/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x7770CF659246966484E266B0DAEBC39B,'41012','41012','Home folders are closed to others','Data Protection','0','Home folders have mode 0750 or stricter.','Keys and mail of one user are no business of another.','Change the mode of the folders listed.','','','https://baseline.example.net/checks/41012
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x7AB21B8A90F3A90E3A9C74EB85ECA134,'41006','41006','Logs are sent to another host','Audit Log Management','0','The log daemon forwards to a central host.','Who takes over a host can change what is stored on it.','Name the central host in the configuration of the log daemon.','','','https://baseline.example.net/checks/41006
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x838C50E1C94A43BA6D27127537A28530,'ACCT-9628','ACCT-9628','The audit daemon runs','','0','','','','','','https://cisofy.com/lynis/controls/ACCT-9628/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x875603E46272CEDAA34C7D76B5F76368,'AUTH-9286','AUTH-9286','Passwords have a minimum and a maximum age','','0','','','','','','https://cisofy.com/lynis/controls/AUTH-9286/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x890813845ABCFEBEC0A8AF5C1A0345B8,'HRDN-7230','HRDN-7230','A malware scanner is installed','','0','','','','','','https://cisofy.com/lynis/controls/HRDN-7230/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x89B50411C34FA844EE23B62E16CD65DB,'KRNL-5830','KRNL-5830','No reboot is outstanding','','0','','','','','','https://cisofy.com/lynis/controls/KRNL-5830/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x8D8FE0E0FFE3BF7D95AFF3F12B444D42,'41005','41005','The audit daemon runs','Audit Log Management','0','The service auditd is enabled and active.','Without it acts of users leave no record of the kernel.','Install auditd and enable the service.','','','https://baseline.example.net/checks/41005
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x9A3D82FE3796339DD0DE6C3B606247B3,'NETW-3200','NETW-3200','Rare network protocols are disabled','','0','','','','','','https://cisofy.com/lynis/controls/NETW-3200/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0x9F5D42ED9EA848288C3F8A92ABA3EB4D,'NETW-2704','NETW-2704','The name servers answer','','0','','','','','','https://cisofy.com/lynis/controls/NETW-2704/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0xA2181BAFBA73DE48F21B4326B2060479,'FILE-6362','FILE-6362','The folder /tmp has the sticky bit','','0','','','','','','https://cisofy.com/lynis/controls/FILE-6362/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0xA2898D4FEC21F4C2E3F40735E49959D4,'FINT-4350','FINT-4350','A file integrity tool is installed','','0','','','','','','https://cisofy.com/lynis/controls/FINT-4350/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0xAA194B5EDEE8F9E7215F75179EF12638,'AUTH-9208','AUTH-9208','No account id is used twice','','0','','','','','','https://cisofy.com/lynis/controls/AUTH-9208/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0xAAD49C2B9DF89672D93B3846143307D0,'1.1.3','1.1.3','Ensure auditing is configured for the Docker daemon (Automated)','','0','','','Install auditd and add a rule.','Audit generates large log files.','','');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0xAE1CF5DF8004ECB8EE2B38905F4B484C,'DBS-1804','DBS-1804','The MySQL server runs','','0','','','','','','https://cisofy.com/lynis/controls/DBS-1804/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0xB1AF1B44FD6929DD3F4F3BFB4F42DE0B,'SSH-7408','SSH-7408','The SSH daemon is configured safely','','0','','','','','','https://cisofy.com/lynis/controls/SSH-7408/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0xB1B3FBEC8D30FBEFD2EDB34CA702AE6D,'BOOT-5108','BOOT-5108','Boot loader Syslinux','','0','','','','','','https://cisofy.com/lynis/controls/BOOT-5108/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0xBED46C56137914F705478BADF422DF5B,'FILE-6310','FILE-6310','Home, temporary and variable data have file systems of their own','','0','','','','','','https://cisofy.com/lynis/controls/FILE-6310/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0xC57A393CCC672B20DCF82F14C218B691,'xccdf_net.example_rule_minlen','xccdf_net.example_rule_minlen','Ensure passwords are long','Inventory and Control of Enterprise Assets','3','','','','','','');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0xC5DFFDD1DF0BDC1C517FC49EFFE8D0CA,'FIRE-4590','FIRE-4590','A firewall is active','','0','','','','','','https://cisofy.com/lynis/controls/FIRE-4590/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0xDA2D5CCBD484E5BBA5C6A8B66A2537C9,'41010','41010','Backups are checked','Data Recovery','0','The last backup was read back within a week.','A backup nobody has read is a hope.','Schedule a restore test.','','','https://baseline.example.net/checks/41010
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0xDCECE4C80F088E243EE692CB2803105D,'PKGS-7390','PKGS-7390','The package database is consistent','','0','','','','','','https://cisofy.com/lynis/controls/PKGS-7390/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0xDF92AEA5055E20B7A24E76897C4BDF79,'SQD-3602','SQD-3602','The proxy Squid runs','','0','','','','','','https://cisofy.com/lynis/controls/SQD-3602/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0xE928C47DD0FB8A707D637E049CF1502A,'LOGG-2130','LOGG-2130','A log daemon runs','','0','','','','','','https://cisofy.com/lynis/controls/LOGG-2130/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0xEEF94198CEF865203D532AC9CAAE8A78,'KRNL-5820','KRNL-5820','Core dumps are restricted','','0','','','','','','https://cisofy.com/lynis/controls/KRNL-5820/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0xFC05B088C8A49B529F8C9D633323F0DB,'AUTH-9328','AUTH-9328','The default umask is strict','','0','','','','','','https://cisofy.com/lynis/controls/AUTH-9328/
');
INSERT INTO check_text (text_hash, id, check_key, title, category, severity, description, rationale, remediation, impact, idents, refs) VALUES (0xFEAED9E463B56BF4EA7C9F039C3B5DA7,'BOOT-5104','BOOT-5104','The service manager is known','','0','','','','','','https://cisofy.com/lynis/controls/BOOT-5104/
');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x0210FC41BA030B1D0C5CCD6C0470B3C9,'0','cis','','1.1.2');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x06F236CC2315C461D16C8E38DD06B0CF,'0','cis','','1.9.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x06F236CC2315C461D16C8E38DD06B0CF,'1','cis_csc','v8','7.3');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x06F236CC2315C461D16C8E38DD06B0CF,'2','pci_dss','4.0','6.3.3');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x06F236CC2315C461D16C8E38DD06B0CF,'3','nist_800_53','','SI-2');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x0D6E28C9C2B7FE66B5CBD505924CDDAF,'0','cis','','1.1.2');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x0D6E28C9C2B7FE66B5CBD505924CDDAF,'1','cis_csc','v8','4.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x0D6E28C9C2B7FE66B5CBD505924CDDAF,'2','pci_dss','4.0','2.2.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x0D6E28C9C2B7FE66B5CBD505924CDDAF,'3','nist_800_53','','CM-6');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x15BC173010EBE093CCFC078F2C83CAA8,'0','cis','','3.1.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x15BC173010EBE093CCFC078F2C83CAA8,'1','cis_csc','v8','4.8');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x15BC173010EBE093CCFC078F2C83CAA8,'2','pci_dss','4.0','2.2.4');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x15BC173010EBE093CCFC078F2C83CAA8,'3','nist_800_53','','CM-7');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x2B588514BF804A374F3844B32AA02AA2,'0','cis','','9.1.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x2B588514BF804A374F3844B32AA02AA2,'1','cis_csc','v8','16.7');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x2B588514BF804A374F3844B32AA02AA2,'2','pci_dss','4.0','6.2.4');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x2B588514BF804A374F3844B32AA02AA2,'3','nist_800_53','','SC-18');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x33EC4DD711C37CB88501770CCA5C71C1,'0','cis','','1.1.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x347A1CECDA98A383C95A50CBF977C421,'0','cis','','3.5.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x347A1CECDA98A383C95A50CBF977C421,'1','cis_csc','v8','4.4');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x347A1CECDA98A383C95A50CBF977C421,'2','pci_dss','4.0','1.2.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x347A1CECDA98A383C95A50CBF977C421,'3','nist_800_53','','SC-7');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x384EEF94F64080F7676B74E09B65F748,'0','cis','','5.2');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x508D482841EB26AD1068E54C67C0CCFF,'0','cis','','8.1.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x508D482841EB26AD1068E54C67C0CCFF,'1','cis_csc','v8','10.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x508D482841EB26AD1068E54C67C0CCFF,'2','pci_dss','4.0','5.2.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x508D482841EB26AD1068E54C67C0CCFF,'3','nist_800_53','','SI-3');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x5628A2F88F4831709DAC3BF9E988AAF4,'0','cis','','5.7');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x59F081C56F4B5185A55529CD4CF25771,'0','cis','','5.5.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x59F081C56F4B5185A55529CD4CF25771,'1','cis_csc','v8','5.2');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x59F081C56F4B5185A55529CD4CF25771,'2','pci_dss','4.0','8.3.9');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x59F081C56F4B5185A55529CD4CF25771,'3','nist_800_53','','IA-5');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x6A2670AFBBA08009CF0C96BC634D095E,'0','cis','','5.2.7');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x6A2670AFBBA08009CF0C96BC634D095E,'1','cis_csc','v8','5.4');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x6A2670AFBBA08009CF0C96BC634D095E,'2','pci_dss','4.0','8.2.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x6A2670AFBBA08009CF0C96BC634D095E,'3','nist_800_53','','AC-6');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x7770CF659246966484E266B0DAEBC39B,'0','cis','','6.2.6');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x7770CF659246966484E266B0DAEBC39B,'1','cis_csc','v8','3.3');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x7770CF659246966484E266B0DAEBC39B,'2','pci_dss','4.0','7.2.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x7770CF659246966484E266B0DAEBC39B,'3','nist_800_53','','AC-3');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x7AB21B8A90F3A90E3A9C74EB85ECA134,'0','cis','','4.2.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x7AB21B8A90F3A90E3A9C74EB85ECA134,'1','cis_csc','v8','8.9');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x7AB21B8A90F3A90E3A9C74EB85ECA134,'2','pci_dss','4.0','10.3.3');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x7AB21B8A90F3A90E3A9C74EB85ECA134,'3','nist_800_53','','AU-9');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x8D8FE0E0FFE3BF7D95AFF3F12B444D42,'0','cis','','4.1.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x8D8FE0E0FFE3BF7D95AFF3F12B444D42,'1','cis_csc','v8','8.2');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x8D8FE0E0FFE3BF7D95AFF3F12B444D42,'2','pci_dss','4.0','10.2.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x8D8FE0E0FFE3BF7D95AFF3F12B444D42,'3','nist_800_53','','AU-2');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0x8D8FE0E0FFE3BF7D95AFF3F12B444D42,'4','nist_800_53','','AU-12');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0xAAD49C2B9DF89672D93B3846143307D0,'0','cis','','1.1.3');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0xC57A393CCC672B20DCF82F14C218B691,'0','cis_csc','','1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0xC57A393CCC672B20DCF82F14C218B691,'1','cis_csc','','12');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0xC57A393CCC672B20DCF82F14C218B691,'2','cis_csc','','5');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0xDA2D5CCBD484E5BBA5C6A8B66A2537C9,'0','cis','','10.1.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0xDA2D5CCBD484E5BBA5C6A8B66A2537C9,'1','cis_csc','v8','11.5');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0xDA2D5CCBD484E5BBA5C6A8B66A2537C9,'2','pci_dss','4.0','12.10.1');
INSERT INTO check_mapping (text_hash, n, framework, edition, control) VALUES (0xDA2D5CCBD484E5BBA5C6A8B66A2537C9,'3','nist_800_53','','CP-9');
INSERT INTO evidence (hash, body) VALUES (0x04436A10F102D862A3CA82CD9838BA5A,'command: nft list ruleset');
INSERT INTO evidence (hash, body) VALUES (0x04DCBF48760326A1452BA1991AC7919C,'file: /etc/fstab');
INSERT INTO evidence (hash, body) VALUES (0x0B903435A58F79CEB19093485B9215C0,'command: sysctl net.ipv4.ip_forward');
INSERT INTO evidence (hash, body) VALUES (0x19ED109C1517D5A662E26F28AFAA5EF2,'Could not look at \'scand\'
process: scand');
INSERT INTO evidence (hash, body) VALUES (0x2C1BF27536232BBE828EE3359F021B28,'file: /etc/login.defs');
INSERT INTO evidence (hash, body) VALUES (0x2F555E127BEA7BF1B6839CABB4E0219E,'suggestion: Services could be confined further [See the list of the service manager]');
INSERT INTO evidence (hash, body) VALUES (0x338E4072FF0D006C1A14D128C771BB9F,'suggestion: Logs stay on this host');
INSERT INTO evidence (hash, body) VALUES (0x395909BD787F69E696FBC047C176B4AB,'file: /etc/nginx/nginx.conf');
INSERT INTO evidence (hash, body) VALUES (0x3FE16FF6C8A8D345795F0FB3B28B293A,'to be checked by hand AUTH-9328:03');
INSERT INTO evidence (hash, body) VALUES (0x42051C167EF84545E70A06754BC798CF,'command: systemctl is-active auditd');
INSERT INTO evidence (hash, body) VALUES (0x8146B6A3A2BB3BA9753793C9BB3FA5E6,'suggestion: A password for the boot menu is missing');
INSERT INTO evidence (hash, body) VALUES (0x81A2E90E4205952CD528EE18A451E625,'file: /etc/rsyslog.conf');
INSERT INTO evidence (hash, body) VALUES (0x87BE2E8EBDAB5D3C009A80797D21F19A,'Containers with no AppArmor profile: web db
web
db');
INSERT INTO evidence (hash, body) VALUES (0x8D76955A6D2CA7A1EF09C6717F936E14,'suggestion: No least age of passwords [/etc/login.defs]
suggestion: No greatest age of passwords [/etc/login.defs]');
INSERT INTO evidence (hash, body) VALUES (0xA85350905BC642514E449B3F1CBE7D7C,'directory: /home');
INSERT INTO evidence (hash, body) VALUES (0xA85EA8EDE8E311B72018D6008F73807B,'doubtfulusers: deploy
deploy');
INSERT INTO evidence (hash, body) VALUES (0xC377236D5CD4FDC7BDAF1F4B9C8E7C77,'warning: The running kernel is not the newest installed -> reboot');
INSERT INTO evidence (hash, body) VALUES (0xC45B7398978DD5FE1DC08D6FC4820E70,'file: /etc/ssh/sshd_config');
INSERT INTO evidence (hash, body) VALUES (0xD2C5931F5B48866BAFCFD6D32427EA66,'suggestion: No tool watches files');
INSERT INTO evidence (hash, body) VALUES (0xD9B019335080DF30C760024B59348E6D,'file: /etc/apt/apt.conf.d/20auto-upgrades');
INSERT INTO evidence (hash, body) VALUES (0xE25B941310B2C089C9D8394249F10583,'suggestion: An option of the daemon could be stricter [PermitRootLogin (set YES to (FORCED-COMMANDS-ONLY|NO|PROHIBIT-PASSWORD))]
suggestion: An option of the daemon could be stricter [X11Forwarding (set YES to NO)]');
INSERT INTO evidence (hash, body) VALUES (0xE60AC00091937175C15D46DF0AB520BB,'Could not look at \'backup-check --last\'
command: backup-check --last');
INSERT INTO detail_set (hash, records, words) VALUES (0x75A11CA0FD499B81A731014E001DB9BC,0x000000068D76955A6D2CA7A1EF09C6717F936E140200000001000003000000000000073FE16FF6C8A8D345795F0FB3B28B293A00000000010000230000000000000B8146B6A3A2BB3BA9753793C9BB3FA5E602000000010000030000000000000D2F555E127BEA7BF1B6839CABB4E0219E020000000100000300000000000011D2C5931F5B48866BAFCFD6D32427EA66020000000100000300000000000017C377236D5CD4FDC7BDAF1F4B9C8E7C77040000000100003900000000000019338E4072FF0D006C1A14D128C771BB9F020000000100000300000000000022E25B941310B2C089C9D8394249F105830200000001000003000000,0x00000000001D65786563757465645F776974685F73756767657374696F6E5F6F6E6C7900001365786563757465645F6E6F5F66696E64696E6700001565786563757465645F776974685F7761726E696E67);
INSERT INTO detail_set (hash, records, words) VALUES (0x7D1DCA0B7E61DF80A90FF27C3AF2267F,0x00000000000000000000000000000000000000000000000001000000000000,0x000000);
INSERT INTO detail_set (hash, records, words) VALUES (0x9BCCBAB560345CF79CE6CAF897B61323,0x0000000004DCBF48760326A1452BA1991AC7919C0000000001000003000000000000010B903435A58F79CEB19093485B9215C0000000000100000C00000000000002C45B7398978DD5FE1DC08D6FC4820E70000000000100000C000000000000032C1BF27536232BBE828EE3359F021B2800000000010000030000000000000442051C167EF84545E70A06754BC798CF000000000100000C0000000000000581A2E90E4205952CD528EE18A451E62500000000010000030000000000000604436A10F102D862A3CA82CD9838BA5A000000000100000300000000000007395909BD787F69E696FBC047C176B4AB000000000100000C00000000000008D9B019335080DF30C760024B59348E6D000000000100000300000000000009E60AC00091937175C15D46DF0AB520BB00000000010000150000000000000A19ED109C1517D5A662E26F28AFAA5EF200000000010000150000000000000BA85350905BC642514E449B3F1CBE7D7C0000000001000003000000,0x0000000000067061737365640000066661696C656400000E4E6F74206170706C696361626C65);
INSERT INTO detail_set (hash, records, words) VALUES (0xD4FE9CE2253B22865A39DB4C44C44DB3,0x00000001A85EA8EDE8E311B72018D6008F73807B00000000010000030000000000000200000000000000000000000000000000000000000100000A0000000000000387BE2E8EBDAB5D3C009A80797D21F19A000000000100000A00000000000004000000000000000000000000000000000000000001000011000000,0x000000000004494E464F0000045741524E0000044E4F5445);
INSERT INTO scan (agent_id, line_id, scanned_at, policy_id, profile, format, engine, started_at, ingested_at, n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational, n_notselected, n_waived, score, reported_score, flags, file_sha256, content_hash, detail_set, n_vec, vec, said) VALUES ('1120521692555609594','2999053527536465074','2026-11-20 18:40:07','4535678730866750184','','docker-bench','docker-bench-security 1.6.0','2026-11-20 18:40:00','2026-11-30 18:25:39','1','0','2','0','0','1','0','1','0','0','3333',NULL,'0',0x4DF71361AD1F31E4D6768C9EEB67149B824642C8668D69D32E87886815050590,0x7A20FC7BE092BD47DC491C17A5300B433F07C3B37558F11A3B219E8AA0CEEEA7,0xD4FE9CE2253B22865A39DB4C44C44DB3,'5',0x813306,NULL);
INSERT INTO scan (agent_id, line_id, scanned_at, policy_id, profile, format, engine, started_at, ingested_at, n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational, n_notselected, n_waived, score, reported_score, flags, file_sha256, content_hash, detail_set, n_vec, vec, said) VALUES ('6686721299296188584','1568724114003780185','2026-11-20 20:00:10','8760345715092307234','','pandora','Pandora FMS agent 7.0NG.780',NULL,'2026-11-30 18:25:39','6','0','4','0','0','0','2','0','0','0','6000','60','6',0x51A40D401B8192A0461BC2317B740850B6119BAC93AEC97E6A8FE6A53CFC59EB,0x488AFFD570807D1EA4231A85B1582ACAA6458CAD716F61CA1977CCE2AB258201,NULL,'0','',NULL);
INSERT INTO scan (agent_id, line_id, scanned_at, policy_id, profile, format, engine, started_at, ingested_at, n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational, n_notselected, n_waived, score, reported_score, flags, file_sha256, content_hash, detail_set, n_vec, vec, said) VALUES ('6686721299296188584','5844106185407219121','2026-11-20 21:10:49','4385166897384561382','all','lynis','Lynis 3.0.8','2026-11-20 21:10:02','2026-11-30 18:25:39','21','0','7','0','0','0','8','0','0','0','7500','68','4',0x5D9D5C5F277B5EDF07878A9BA23818906F9024A27FFADEF9FA7C6652E70904EA,0x946A2344C46B1CA0A410703DC836BACDFFEFEE5FABF831B653030D8D0A8C7463,0x75A11CA0FD499B81A731014E001DB9BC,'36',0x111111131137371731111731317111717713,NULL);
INSERT INTO scan (agent_id, line_id, scanned_at, policy_id, profile, format, engine, started_at, ingested_at, n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational, n_notselected, n_waived, score, reported_score, flags, file_sha256, content_hash, detail_set, n_vec, vec, said) VALUES ('6686721299296188584','6908361076687573516','2026-11-10 10:00:05','2002812843658885724','','xccdf-1.2','',NULL,'2026-11-30 18:25:39','1','0','1','0','0','0','0','0','0','0','5000',NULL,'0',0xCA6723F7DFF460343B9E5446416BE6BCE216229170189D6A175A5A3AF2E9B681,0x235B139E5B51DEDBF3DE2B8DF37C373D0DEC32B4331CAE9934499C0B5F7A6EB6,0x7D1DCA0B7E61DF80A90FF27C3AF2267F,'2',0x13,NULL);
INSERT INTO scan (agent_id, line_id, scanned_at, policy_id, profile, format, engine, started_at, ingested_at, n_pass, n_fixed, n_fail, n_error, n_unknown, n_notchecked, n_notapplicable, n_informational, n_notselected, n_waived, score, reported_score, flags, file_sha256, content_hash, detail_set, n_vec, vec, said) VALUES ('7013162019941320425','7528732137582823831','2026-11-20 20:00:09','169422765311426223','','wazuh-sca','Wazuh SCA','2026-11-20 20:00:00','2026-11-30 18:26:11','6','0','4','0','0','0','2','0','0','0','6000','60','0',0x8F99908D9031423998FC7F52446066F0BEDC55770CDD6297C9DED035AE36A214,0xAFEA913A6C77DC66F303951537B87D05FA77899DDD1F912079AA5D399F3308B6,0x9BCCBAB560345CF79CE6CAF897B61323,'12',0x311313317117,NULL);
INSERT INTO agent_current (agent_id, line_id, scanned_at, policy_id, n_scans) VALUES ('1120521692555609594','2999053527536465074','2026-11-20 18:40:07','4535678730866750184','1');
INSERT INTO agent_current (agent_id, line_id, scanned_at, policy_id, n_scans) VALUES ('6686721299296188584','1568724114003780185','2026-11-20 20:00:10','8760345715092307234','1');
INSERT INTO agent_current (agent_id, line_id, scanned_at, policy_id, n_scans) VALUES ('6686721299296188584','5844106185407219121','2026-11-20 21:10:49','4385166897384561382','1');
INSERT INTO agent_current (agent_id, line_id, scanned_at, policy_id, n_scans) VALUES ('6686721299296188584','6908361076687573516','2026-11-10 10:00:05','2002812843658885724','1');
INSERT INTO agent_current (agent_id, line_id, scanned_at, policy_id, n_scans) VALUES ('7013162019941320425','7528732137582823831','2026-11-20 20:00:09','169422765311426223','1');
INSERT INTO input (sha256, name, format, verdict, reason, host, size, received, n_scans, custody) VALUES (0x4DF71361AD1F31E4D6768C9EEB67149B824642C8668D69D32E87886815050590,'docker01@bench.json','docker-bench','stored','','vm','1050','2026-11-30 18:25:39','1','none');
INSERT INTO input (sha256, name, format, verdict, reason, host, size, received, n_scans, custody) VALUES (0x51A40D401B8192A0461BC2317B740850B6119BAC93AEC97E6A8FE6A53CFC59EB,'web01.1795204810.data','pandora','stored','','vm','1458','2026-11-30 18:25:39','1','none');
INSERT INTO input (sha256, name, format, verdict, reason, host, size, received, n_scans, custody) VALUES (0x5D9D5C5F277B5EDF07878A9BA23818906F9024A27FFADEF9FA7C6652E70904EA,'web01-report.dat','lynis','stored','','vm','1704','2026-11-30 18:25:39','1','none');
INSERT INTO input (sha256, name, format, verdict, reason, host, size, received, n_scans, custody) VALUES (0x8F99908D9031423998FC7F52446066F0BEDC55770CDD6297C9DED035AE36A214,'web02@events.jsonl','wazuh-sca','stored','','vm','8410','2026-11-30 18:25:39','1','none');
INSERT INTO input (sha256, name, format, verdict, reason, host, size, received, n_scans, custody) VALUES (0xCA6723F7DFF460343B9E5446416BE6BCE216229170189D6A175A5A3AF2E9B681,'pw.xml','xccdf-1.2','stored','','vm','1088','2026-11-30 18:25:39','1','none');
